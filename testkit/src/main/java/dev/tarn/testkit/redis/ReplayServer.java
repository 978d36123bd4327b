package dev.tarn.testkit.redis;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers as a Redis server with modules that cannot be had here: with recorded replies and with
 * replies that a test gives. Everything else is an unknown command, as Redis says it. A command
 * given several replies gets them in turn, beginning anew after the last.
 */
public final class ReplayServer implements AutoCloseable {

  private final Listener listener;
  private final Script script = new Script();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<List<String>> commands = new CopyOnWriteArrayList<>();
  private final List<List<String>> unknown = new CopyOnWriteArrayList<>();

  private ReplayServer() throws IOException {
    this.listener = new Listener(Ports.free(), this::serve);
  }

  /** Starts one that knows no commands but those of connections. */
  public static ReplayServer start() throws IOException {
    return new ReplayServer();
  }

  /** Answers as recorded in a file of lines of JSON with protocol, command and reply. */
  public ReplayServer recorded(Path file) throws IOException {
    script.addRecorded(file);
    return this;
  }

  /** Answers a command so, in both protocols; see {@link Reply} for what values become. */
  public ReplayServer answer(@Nullable Object reply, Object... command) {
    script.add(2, reply, command);
    script.add(3, reply, command);
    return this;
  }

  /** Answers a command so in one protocol, 2 or 3. */
  public ReplayServer answerIn(int protocol, @Nullable Object reply, Object... command) {
    script.add(protocol, reply, command);
    return this;
  }

  /** Answers all commands of a name by what a function makes of their words, name included. */
  public ReplayServer handle(String name, Function<List<String>, @Nullable Object> handler) {
    script.handle(name, handler);
    return this;
  }

  public int port() {
    return listener.port();
  }

  /** {@code redis://127.0.0.1:port}. */
  public String url() {
    return "redis://127.0.0.1:" + port();
  }

  /** All commands that have arrived. */
  public List<List<String>> commands() {
    return List.copyOf(commands);
  }

  /** Those answered as unknown. */
  public List<List<String>> unknown() {
    return List.copyOf(unknown);
  }

  private void serve(Socket client) {
    open.add(client);
    try (client) {
      client.setTcpNoDelay(true);
      answerAll(
          new BufferedInputStream(client.getInputStream()),
          new BufferedOutputStream(client.getOutputStream()));
    } catch (IOException gone) {
      // the client ended
    } finally {
      open.remove(client);
    }
  }

  private void answerAll(InputStream in, OutputStream out) throws IOException {
    int protocol = 2;
    boolean last = false;
    while (!last) {
      List<String> command = RedisClient.strings(Resp.text(Resp.read(in)));
      commands.add(command);
      if (command.getFirst().equalsIgnoreCase("HELLO") && command.size() > 1) {
        protocol = Integer.parseInt(command.get(1));
      }
      Script.Answer answer = answer(protocol, command);
      out.write(answer.bytes());
      if (in.available() == 0 || answer.isLast()) {
        out.flush();
      }
      last = answer.isLast();
    }
  }

  private Script.Answer answer(int protocol, List<String> command) {
    return script
        .answer(protocol, command)
        .orElseGet(() -> Script.Answer.of(ownAnswer(protocol, command), protocol));
  }

  private Object ownAnswer(int protocol, List<String> command) {
    return switch (command.getFirst().toUpperCase(Locale.ROOT)) {
      case "HELLO" -> greeting(protocol);
      case "PING" -> new Reply.Simple("PONG");
      case "AUTH", "SELECT", "CLIENT", "QUIT", "READONLY" -> new Reply.Simple("OK");
      default -> {
        unknown.add(command);
        yield unknownCommand(command);
      }
    };
  }

  private static Object greeting(int protocol) {
    var greeting = new java.util.LinkedHashMap<String, Object>();
    greeting.put("server", "redis");
    greeting.put("version", "7.0.15");
    greeting.put("proto", protocol);
    greeting.put("id", 1);
    greeting.put("mode", "standalone");
    greeting.put("role", "master");
    greeting.put("modules", List.of());
    return greeting;
  }

  private static RedisError unknownCommand(List<String> command) {
    var message = new StringBuilder("ERR unknown command '" + command.getFirst() + "', ");
    message.append("with args beginning with: ");
    command.stream().skip(1).forEach(word -> message.append("'" + word + "' "));
    return new RedisError(message.toString().replaceAll("[\r\n]", " "));
  }

  @Override
  public void close() {
    listener.close();
    open.forEach(ProxyConnection::reset);
  }
}
