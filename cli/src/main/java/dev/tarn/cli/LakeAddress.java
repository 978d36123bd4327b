package dev.tarn.cli;

import dev.tarn.error.InvalidRequest;
import dev.tarn.lake.LakeCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * Where the lake is: what the options say, else the environment, else a folder {@code lake} here.
 * Users and passwords come from the environment alone, as others can read command lines.
 *
 * @param lake a folder, or the URL of a catalog, by the option
 * @param warehouse where data goes whose catalog is elsewhere, by the option
 * @param environment variables by name
 */
record LakeAddress(
    Optional<String> lake,
    Optional<String> warehouse,
    UnaryOperator<@Nullable String> environment) {

  private static final String DEFAULT = "lake";

  static final LakeAddress UNSAID =
      new LakeAddress(Optional.empty(), Optional.empty(), System::getenv);

  static void addTo(CommandSpec spec) {
    spec.addOption(
        Arguments.option(
            "--lake",
            "DIR",
            "The lake of datasets: its folder (TARN_LAKE, else ./lake), or the URL of a catalog."));
    spec.addOption(
        Arguments.option(
            "--warehouse",
            "DIR",
            "Where data goes when the catalog is a database; a REST catalog's warehouse (TARN_WAREHOUSE)."));
  }

  LakeAddress with(ParseResult arguments) {
    return new LakeAddress(
        Arguments.value(arguments, "--lake").or(() -> lake),
        Arguments.value(arguments, "--warehouse").or(() -> warehouse),
        environment);
  }

  /** The lake, whether or not its folder is there yet. */
  LakeCatalog catalog() {
    String address = address();
    if (address.startsWith("jdbc:")) {
      return database(address);
    }
    return isUrl(address) ? rest(address) : LakeCatalog.of(Path.of(address));
  }

  /** The lake, whose folder must be there. */
  LakeCatalog existing() {
    return ifThere().orElseThrow(this::missing);
  }

  /** The lake, if there is one; an option that names none is a mistake. */
  Optional<LakeCatalog> ifThere() {
    if (isUrl(address()) || Files.exists(Path.of(address(), "catalog.db"))) {
      return Optional.of(catalog());
    } else if (lake.isPresent()) {
      throw missing();
    }
    return Optional.empty();
  }

  /** The folder or URL, without what is secret. */
  String name() {
    return switch (catalog()) {
      case LakeCatalog.Sqlite sqlite -> sqlite.folder().toString();
      case LakeCatalog other -> other.toString();
    };
  }

  private InvalidRequest missing() {
    return new InvalidRequest(
        "Cannot open the lake [%s]: there is none in that folder. Name another with --lake or TARN_LAKE, or make one with tarn write."
            .formatted(address()));
  }

  private String address() {
    return lake.or(() -> variable("TARN_LAKE")).orElse(DEFAULT);
  }

  private static boolean isUrl(String address) {
    return address.matches("(jdbc:|https?://).*");
  }

  private LakeCatalog database(String url) {
    Path folder =
        dataPlace()
            .map(Path::of)
            .orElseThrow(() ->
                new WrongCommandLine(
                    "Cannot open the lake: its catalog is a database, and no folder for its data is said. Add --warehouse DIR, or set TARN_WAREHOUSE."));
    var properties = new HashMap<String, String>();
    variable("TARN_LAKE_USER").ifPresent(user -> properties.put("user", user));
    variable("TARN_LAKE_PASSWORD").ifPresent(password -> properties.put("password", password));
    return new LakeCatalog.Jdbc(url, properties, folder);
  }

  /** By token, or by user and password, which OAuth calls a credential. */
  private LakeCatalog rest(String url) {
    var properties = new HashMap<String, String>();
    dataPlace().ifPresent(name -> properties.put("warehouse", name));
    variable("TARN_LAKE_TOKEN").ifPresent(token -> properties.put("token", token));
    variable("TARN_LAKE_PASSWORD")
        .map(password -> variable("TARN_LAKE_USER").map(u -> u + ":").orElse("") + password)
        .ifPresent(credential -> properties.put("credential", credential));
    return new LakeCatalog.Rest(url, Map.copyOf(properties));
  }

  private Optional<String> dataPlace() {
    return warehouse.or(() -> variable("TARN_WAREHOUSE"));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.apply(name)).filter(value -> !value.isBlank());
  }
}
