package dev.tarn.testkit.redis;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * The commands that arrive at a server, by MONITOR. It does not show those that log in or
 * administrate.
 */
public final class CommandLog implements AutoCloseable {

  private final RedisServer server;
  private final RedisClient monitor;
  private final List<List<String>> commands = new ArrayList<>();

  CommandLog(RedisServer server) throws IOException {
    this.server = server;
    this.monitor = server.client();
    monitor.command("MONITOR");
  }

  /** All that have arrived since it began, each with its arguments as UTF-8 text, in order. */
  public List<List<String>> commands() {
    String mark = UUID.randomUUID().toString();
    server.command("ECHO", mark);
    while (true) {
      List<String> command = parsed(String.valueOf(monitor.receive()));
      if (command.contains(mark)) {
        return List.copyOf(commands);
      }
      commands.add(command);
    }
  }

  /** Those of one name. */
  public List<List<String>> commands(String name) {
    return commands().stream().filter(each -> each.getFirst().equalsIgnoreCase(name)).toList();
  }

  /** The names of all, in capitals and in order, without those that follow their like. */
  public List<String> names() {
    var names = new ArrayList<String>();
    for (List<String> command : commands()) {
      String name = command.getFirst().toUpperCase(Locale.ROOT);
      if (names.isEmpty() || !names.getLast().equals(name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** Of {@code 1700000000.1 [0 127.0.0.1:1234] "get" "a\x00"}. */
  static List<String> parsed(String line) {
    var arguments = new ArrayList<String>();
    int at = line.indexOf(" \"") + 1;
    while (at > 0 && at < line.length()) {
      var argument = new ByteArrayOutputStream();
      at++;
      while (line.charAt(at) != '"') {
        at = line.charAt(at) == '\\' ? unescape(line, at + 1, argument) : plain(line, at, argument);
      }
      arguments.add(argument.toString(StandardCharsets.UTF_8));
      at += 2;
    }
    if (arguments.isEmpty()) {
      throw new UncheckedIOException(new IOException("no line of MONITOR: " + line));
    }
    return arguments;
  }

  private static int plain(String line, int at, ByteArrayOutputStream into) {
    into.write(line.charAt(at));
    return at + 1;
  }

  private static int unescape(String line, int at, ByteArrayOutputStream into) {
    char escaped = line.charAt(at);
    if (escaped == 'x') {
      into.write(Integer.parseInt(line.substring(at + 1, at + 3), 16));
      return at + 3;
    }
    into.write(
        switch (escaped) {
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'a' -> 7;
          case 'b' -> '\b';
          default -> escaped;
        });
    return at + 1;
  }

  @Override
  public void close() {
    monitor.close();
  }
}
