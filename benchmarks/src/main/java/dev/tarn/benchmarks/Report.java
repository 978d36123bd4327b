package dev.tarn.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tarn.benchmarks.Result.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The results as a table for people, and as JSON. */
final class Report {

  private static final String BEGIN = "<!-- results: written by benchmarks/run -->";
  private static final String END = "<!-- end of results -->";

  private static final String HEAD =
      """
      | group | what | against | measured | target | | run on |
      | --- | --- | --- | --- | --- | --- | --- |
      """;

  private final Machine machine;
  private final String command;
  private final List<Result> results;

  Report(Machine machine, String command, List<Result> results) {
    this.machine = machine;
    this.command = command;
    this.results = List.copyOf(results);
  }

  String table() {
    return table(results.stream().map(this::line).toList());
  }

  private String table(List<String> lines) {
    return "`%s` on %s.\n\n%s%s\n".formatted(command, machine, HEAD, String.join("\n", lines));
  }

  private String line(Result result) {
    return "| %s | %s | %s | %s | %s | %s | %s |"
        .formatted(
            result.group(),
            result.what(),
            result.peer(),
            result.measured(),
            result.target(),
            verdict(result.verdict()),
            machine.date());
  }

  private static String verdict(Verdict verdict) {
    return switch (verdict) {
      case MET -> "met";
      case MISSED -> "**missed**";
      case NONE -> "";
    };
  }

  /**
   * Puts the table between the markers of a page. Lines of groups that did not run stay there.
   *
   * @param groups all there are, in order
   */
  void writeTable(Path page, List<String> groups) throws IOException {
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException("Cannot write the table: the page has no place marked for it.");
    }
    List<String> before = text.substring(begin, end).lines().toList();
    var lines = new ArrayList<String>();
    for (String group : groups) {
      List<String> now =
          results.stream().filter(r -> r.group().equals(group)).map(this::line).toList();
      lines.addAll(
          now.isEmpty()
              ? before.stream().filter(line -> line.startsWith("| " + group + " |")).toList()
              : now);
    }
    Files.writeString(
        page,
        text.substring(0, begin + BEGIN.length()) + "\n" + table(lines) + text.substring(end));
  }

  /** Writes a file for each group. */
  void writeJson(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String group : results.stream().map(Result::group).distinct().toList()) {
      writeJson(
          folder.resolve(group + ".json"),
          results.stream().filter(result -> result.group().equals(group)).toList());
    }
  }

  private void writeJson(Path file, List<Result> ofGroup) throws IOException {
    try (JsonGenerator json =
        new JsonFactory()
            .createGenerator(Files.newBufferedWriter(file))
            .useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeStringField("command", command);
      json.writeStringField("date", machine.date());
      json.writeStringField("jdk", machine.jdk());
      json.writeStringField("duckdb", machine.duckdb());
      json.writeStringField("system", machine.system());
      json.writeNumberField("cores", machine.cores());
      json.writeNumberField("load", machine.load());
      json.writeArrayFieldStart("results");
      for (Result result : ofGroup) {
        write(json, result);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void write(JsonGenerator json, Result result) throws IOException {
    json.writeStartObject();
    json.writeStringField("group", result.group());
    json.writeStringField("what", result.what());
    json.writeStringField("against", result.peer());
    json.writeStringField("measured", result.measured());
    json.writeStringField("target", result.target());
    json.writeStringField("verdict", result.verdict().name());
    for (Map.Entry<String, Double> number : result.numbers().entrySet()) {
      json.writeNumberField(number.getKey(), Math.round(number.getValue() * 1e4) / 1e4);
    }
    json.writeEndObject();
  }
}
