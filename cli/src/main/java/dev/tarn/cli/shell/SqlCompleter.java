package dev.tarn.cli.shell;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.cli.shell.SqlLineParser.Word;
import dev.tarn.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/**
 * Offers tables and datasets, the columns of tables and of the files and datasets that the query
 * names, keywords; paths in quotes; and the shell's commands after a backslash.
 */
final class SqlCompleter implements Completer {

  private static final Pattern NAMED_FILE =
      Pattern.compile("(?:FROM|JOIN)\\s+'([^']+)'", Pattern.CASE_INSENSITIVE);

  private static final Pattern NAMED_DATASET =
      Pattern.compile("(?:FROM|JOIN)\\s+([\\w.]+)", Pattern.CASE_INSENSITIVE);

  private final Names names;
  private final Tarn tarn;
  private final Map<String, List<String>> columnsOfFiles = new HashMap<>();

  SqlCompleter(Names names) {
    this.names = names;
    this.tarn = names.tarn();
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    if (!(line instanceof Word word)) {
      return;
    }
    if (word.quoting() == Word.Quoting.SINGLE) {
      candidates.addAll(paths(word.word(), "'"));
    } else if (Session.isCommand(word.line())) {
      ofCommand(word, candidates);
    } else {
      ofQuery(word, candidates);
    }
  }

  private void ofCommand(Word word, List<Candidate> candidates) {
    String before = word.before().strip();
    if (before.isEmpty()) {
      add(candidates, Session.COMMANDS, "commands");
    } else if (before.equals("\\format")) {
      add(candidates, dev.tarn.cli.output.OutputFormat.labels(), "formats");
    } else if (before.startsWith("\\explain")) {
      ofQuery(word, candidates);
    } else {
      addNames(candidates);
      candidates.addAll(paths(word.word(), ""));
    }
  }

  private void ofQuery(Word word, List<Candidate> candidates) {
    addNames(candidates);
    for (Frame table : tarn.tables().values()) {
      add(candidates, quoted(table.columns()), "columns");
    }
    NAMED_FILE
        .matcher(word.line())
        .results()
        .forEach(match -> add(candidates, quoted(columns(match.group(1))), "columns"));
    List<String> datasets = names.datasets();
    NAMED_DATASET
        .matcher(word.line())
        .results()
        .map(match -> match.group(1))
        .filter(datasets::contains)
        .forEach(name -> add(candidates, quoted(names.columns(name)), "columns"));
    add(candidates, Keywords.like(word.word()), "keywords");
  }

  private void addNames(List<Candidate> candidates) {
    add(candidates, tarn.tables().keySet(), "tables");
    add(candidates, names.datasets(), "datasets");
  }

  private static void add(List<Candidate> candidates, Iterable<String> values, String group) {
    values.forEach(
        value -> candidates.add(new Candidate(value, value, group, null, null, null, true)));
  }

  /** Names that SQL would not take as they are. */
  private static List<String> quoted(List<String> names) {
    return names.stream()
        .map(name -> name.matches("[A-Za-z_]\\w*") ? name : '"' + name.replace("\"", "\"\"") + '"')
        .toList();
  }

  private List<String> columns(String path) {
    return columnsOfFiles.computeIfAbsent(
        path,
        p -> {
          try {
            return FilesByName.open(tarn, p).columns();
          } catch (TarnException unreadable) {
            return List.of(); // the query will say so
          }
        });
  }

  /** Files and folders that begin so. */
  private static List<Candidate> paths(String begun, String end) {
    int slash = begun.lastIndexOf('/');
    String folder = begun.substring(0, slash + 1);
    var candidates = new ArrayList<Candidate>();
    try (Stream<Path> files = Files.list(Path.of(folder.isEmpty() ? "." : folder))) {
      files
          .filter(file -> !file.getFileName().toString().startsWith(".") || begun.endsWith("."))
          .sorted()
          .forEach(file -> {
            String name = file.getFileName().toString();
            boolean isFolder = Files.isDirectory(file);
            String value = folder + name + (isFolder ? "/" : end);
            candidates.add(
                new Candidate(
                    value, isFolder ? name + "/" : name, "files", null, null, null, !isFolder));
          });
    } catch (IOException | RuntimeException unreadable) {
      return List.of();
    }
    return candidates;
  }
}
