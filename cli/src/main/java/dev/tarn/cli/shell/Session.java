package dev.tarn.cli.shell;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.cli.Context;
import dev.tarn.cli.output.OutputFormat;
import dev.tarn.error.InvalidRequest;
import dev.tarn.type.Field;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a shell remembers, and what its lines do. Used by one thread. */
final class Session {

  /** The most rows of a table; a screen or two. */
  private static final int TABLE_ROWS = 100;

  static final String HELP =
      """
      A query ends with a semicolon and may take several lines.
        \\d                     the tables that have a name, and the datasets of the lake
        \\d NAME                the columns of a table, a dataset, or the file at a path
        \\register NAME PATH    give a file, a folder or a pattern a name
        \\explain QUERY         how a query would be run
        \\format FORMAT         print as table, csv, json, ndjson or markdown
        \\timing                say how long each query took, or stop saying it
        \\h                     this help
        \\q                     leave; Ctrl-D too\
      """;

  /** The shell's own commands. */
  static final List<String> COMMANDS =
      List.of("\\d", "\\explain", "\\format", "\\h", "\\q", "\\register", "\\timing");

  enum Outcome {
    DONE,
    FAILED,
    LEFT
  }

  private final Tarn tarn;
  private final Names names;
  private final Context context;
  private OutputFormat format = OutputFormat.TABLE;
  private boolean timing;

  Session(Names names, Context context) {
    this.tarn = names.tarn();
    this.names = names;
    this.context = context;
  }

  Names names() {
    return names;
  }

  static boolean isCommand(String text) {
    return text.stripLeading().startsWith("\\");
  }

  /** Does what a query or a command of the shell says; a failure is printed. */
  Outcome run(String text) throws IOException {
    try {
      long start = System.nanoTime();
      if (isCommand(text)) {
        return command(text.strip());
      }
      print(tarn.sql(text));
      if (timing) {
        context.print("Time: %.3f s".formatted((System.nanoTime() - start) / 1e9));
      }
      return Outcome.DONE;
    } catch (RuntimeException | OutOfMemoryError e) {
      fail(e);
      return Outcome.FAILED;
    } finally {
      context.progress().outputEnded();
      context.out().flush();
    }
  }

  private void fail(Throwable e) throws IOException {
    context.out().flush();
    if (Thread.interrupted()) {
      context.err().println("Cancelled.");
    } else {
      context.report(e);
    }
  }

  private void print(Frame frame) throws IOException {
    format.print(frame, context.out(), TABLE_ROWS, context.progress()::outputStarts);
  }

  private Outcome command(String text) throws IOException {
    String line = text.replaceAll("\\s*;\\s*$", "");
    String[] words = line.split("\\s+", 2);
    String argument = words.length > 1 ? words[1].strip() : "";
    switch (words[0]) {
      case "\\q" -> {
        return Outcome.LEFT;
      }
      case "\\h", "\\?" -> context.print(HELP);
      case "\\d" -> describe(argument);
      case "\\register" -> register(argument);
      case "\\explain" -> context.print(tarn.plan(tarn.sql(argument)).toString());
      case "\\format" -> format = format(argument);
      case "\\timing" -> {
        timing = !timing;
        context.print("Timing is " + (timing ? "on." : "off."));
      }
      default ->
          throw new InvalidRequest(
              "Cannot do %s: there is no such command. \\h lists them.".formatted(words[0]));
    }
    return Outcome.DONE;
  }

  private void describe(String name) throws IOException {
    if (name.isEmpty()) {
      list();
      return;
    }
    String plain = unquoted(name);
    Frame frame = names.find(plain).orElseGet(() -> file(name, plain));
    int width = frame.columns().stream().mapToInt(String::length).max().orElse(0);
    for (Field field : frame.schema().fields()) {
      context.print(field.name() + " ".repeat(width - field.name().length() + 2) + field.type());
    }
  }

  private void list() throws IOException {
    Map<String, Frame> tables = names.tables();
    List<String> datasets = names.datasets();
    if (tables.isEmpty() && datasets.isEmpty()) {
      context.print("No table has a name yet. \\register NAME PATH gives one.");
    }
    for (Map.Entry<String, Frame> table : tables.entrySet()) {
      context.print(
          "%s (%s)".formatted(table.getKey(), String.join(", ", table.getValue().columns())));
    }
    for (String dataset : datasets) {
      context.print(dataset + ", a dataset");
    }
  }

  /** A file at a path; a plain word is a table that is not there. */
  private Frame file(String name, String plain) {
    boolean path = !name.equals(plain) || plain.matches(".*[./\\\\*].*");
    return path ? FilesByName.open(tarn, plain) : tarn.table(plain);
  }

  private void register(String argument) throws IOException {
    String[] parts = argument.split("\\s+", 2);
    if (parts.length < 2) {
      throw new InvalidRequest("Cannot register: no path. Write \\register NAME PATH.");
    }
    Frame frame = FilesByName.open(tarn, unquoted(parts[1].strip()));
    tarn.register(parts[0], frame);
    context.print("%s (%s)".formatted(parts[0], String.join(", ", frame.columns())));
  }

  private static OutputFormat format(String name) {
    return OutputFormat.named(name)
        .orElseThrow(() ->
            new InvalidRequest(
                "Cannot print as %s: there is no such format. Use %s."
                    .formatted(
                        name.isEmpty() ? "nothing" : name,
                        String.join(", ", OutputFormat.labels()))));
  }

  private static String unquoted(String name) {
    return Arrays.asList("'", "\"").stream()
        .filter(quote -> name.length() > 1 && name.startsWith(quote) && name.endsWith(quote))
        .findFirst()
        .map(quote -> name.substring(1, name.length() - 1))
        .orElse(name);
  }
}
