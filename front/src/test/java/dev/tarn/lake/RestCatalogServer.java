package dev.tarn.lake;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tarn.lake.iceberg.Catalogs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;
import org.apache.iceberg.rest.RESTSerializers;
import org.apache.iceberg.rest.requests.CreateNamespaceRequest;
import org.apache.iceberg.rest.requests.CreateTableRequest;
import org.apache.iceberg.rest.requests.RenameTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ConfigResponse;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.jspecify.annotations.Nullable;

/**
 * A server of Iceberg's REST protocol: Iceberg's own handlers over a catalog in a folder, behind
 * the JDK's HTTP server. It wants a token.
 */
final class RestCatalogServer implements AutoCloseable {

  static final String TOKEN = "t0ken-secret";

  private static final ObjectMapper JSON = json();

  private final Catalog catalog;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  RestCatalogServer(Path folder) throws IOException {
    this.catalog = Catalogs.open(LakeCatalog.of(folder));
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private static ObjectMapper json() {
    var json = new ObjectMapper();
    json.setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY);
    json.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    json.setPropertyNamingStrategy(new PropertyNamingStrategies.KebabCaseStrategy());
    RESTSerializers.registerAll(json);
    return json;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
          send(exchange, 401, error(401, "NotAuthorizedException", "no right token"));
          return;
        }
        Object answer = handle(exchange);
        send(exchange, answer == null ? 204 : 200, answer);
      } catch (RuntimeException e) {
        int code = code(e);
        send(
            exchange,
            code,
            error(code, e.getClass().getSimpleName(), String.valueOf(e.getMessage())));
      }
    }
  }

  private static ErrorResponse error(int code, String type, String message) {
    return ErrorResponse.builder().responseCode(code).withType(type).withMessage(message).build();
  }

  private static int code(RuntimeException e) {
    return switch (e) {
      case NoSuchTableException x -> 404;
      case NoSuchNamespaceException x -> 404;
      case AlreadyExistsException x -> 409;
      case CommitFailedException x -> 409;
      case NamespaceNotEmptyException x -> 409;
      case IllegalArgumentException x -> 400;
      default -> 500;
    };
  }

  private static void send(HttpExchange exchange, int code, @Nullable Object answer)
      throws IOException {
    boolean silent = answer == null || exchange.getRequestMethod().equals("HEAD");
    byte[] body = silent ? new byte[0] : JSON.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, silent ? -1 : body.length);
    if (!silent) {
      exchange.getResponseBody().write(body);
    }
  }

  private @Nullable Object handle(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getRawPath().replaceFirst("^/v1/", "").split("/", -1);
    String route = exchange.getRequestMethod() + " " + path[0] + " " + path.length;
    return switch (route) {
      case "GET config 1" -> ConfigResponse.builder().build();
      case "GET namespaces 1" ->
          CatalogHandlers.listNamespaces(
              namespaces(), parent(exchange.getRequestURI().getRawQuery()));
      case "POST namespaces 1" ->
          CatalogHandlers.createNamespace(
              namespaces(), read(exchange, CreateNamespaceRequest.class));
      case "GET namespaces 2" -> CatalogHandlers.loadNamespace(namespaces(), namespace(path[1]));
      case "DELETE namespaces 2" -> {
        CatalogHandlers.dropNamespace(namespaces(), namespace(path[1]));
        yield null;
      }
      case "GET namespaces 3" -> CatalogHandlers.listTables(catalog, namespace(path[1]));
      case "POST namespaces 3" ->
          create(namespace(path[1]), read(exchange, CreateTableRequest.class));
      case "GET namespaces 4" -> CatalogHandlers.loadTable(catalog, table(path), SnapshotMode.ALL);
      case "POST namespaces 4" ->
          CatalogHandlers.updateTable(
              catalog, table(path), read(exchange, UpdateTableRequest.class));
      case "DELETE namespaces 4" -> {
        CatalogHandlers.dropTable(catalog, table(path));
        yield null;
      }
      case "POST tables 2" -> {
        CatalogHandlers.renameTable(catalog, read(exchange, RenameTableRequest.class));
        yield null;
      }
      case "POST namespaces 5" -> null; // metrics
      default -> throw new IllegalArgumentException(route);
    };
  }

  private Object create(Namespace namespace, CreateTableRequest request) {
    return request.stageCreate()
        ? CatalogHandlers.stageTableCreate(catalog, namespace, request)
        : CatalogHandlers.createTable(catalog, namespace, request);
  }

  private static <T> T read(HttpExchange exchange, Class<T> type) throws IOException {
    return JSON.readValue(exchange.getRequestBody(), type);
  }

  private SupportsNamespaces namespaces() {
    return (SupportsNamespaces) catalog;
  }

  private static Namespace parent(@Nullable String query) {
    return query == null || !query.startsWith("parent=")
        ? Namespace.empty()
        : namespace(query.substring("parent=".length()).replaceFirst("&.*", ""));
  }

  private static Namespace namespace(String encoded) {
    return Namespace.of(decoded(encoded).split("\u001f", -1));
  }

  private static TableIdentifier table(String[] path) {
    return TableIdentifier.of(namespace(path[1]), decoded(path[3]));
  }

  private static String decoded(String encoded) {
    return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    threads.shutdownNow();
    ((java.io.Closeable) catalog).close();
  }
}
