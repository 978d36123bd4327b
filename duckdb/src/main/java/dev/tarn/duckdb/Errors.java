package dev.tarn.duckdb;

import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.LimitExceeded;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import dev.tarn.error.UnknownColumn;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What DuckDB says when something goes wrong, in our words and types. With {@code errors_as_json}
 * it says it as JSON, mostly; a prefix may stand before the JSON, and sometimes it is plain text.
 */
final class Errors {

  private static final Pattern PLAIN =
      Pattern.compile("^([A-Z][A-Za-z ]*?) ?(?:Error|error): ", Pattern.DOTALL);
  private static final Pattern CAST =
      Pattern.compile(
          "could not convert|can't be cast|out of range|could not parse|timestamp field");
  private static final int LONGEST = 1_000_000;
  private static final Pattern CUT_JSON =
      Pattern.compile("\"exception_type\":\"(.*?)\",\"exception_message\":\"([^\"\\\\]{0,500})");
  private static final Pattern CSV_LINE =
      Pattern.compile("CSV Error on Line: (\\d+)\\n(?:Original Line: ?(.*)\\n)?(.*)");
  private static final Pattern CSV_FILE = Pattern.compile("\\n\\s+file = (.*)");

  /** An IO error of DuckDB that is about what a file holds, not about reaching it. */
  private static final Pattern OF_CONTENT =
      Pattern.compile(
          "(?i)parquet|file|stats size|enough bytes|two children|magic|corrupt|json|gzip|zstd|decompress");

  private Errors() {}

  /** What DuckDB said. Position counts bytes of the SQL text from 0; -1 when there is none. */
  record Report(String kind, String message, int position, Map<?, ?> details) {}

  static Report report(SQLException e) {
    String text = e.getMessage() == null ? "" : e.getMessage();
    if (text.length() > LONGEST) {
      return cut(text);
    }
    int brace = text.indexOf("{\"exception_type\"");
    if (brace >= 0) {
      Map<?, ?> json = parsed(text.substring(brace));
      if (!json.isEmpty()) {
        return new Report(
            String.valueOf(json.get("exception_type")),
            String.valueOf(json.get("exception_message")),
            position(json.get("position")),
            json);
      }
      return cut(text.substring(brace));
    }
    Matcher plain = PLAIN.matcher(text);
    return plain.find()
        ? new Report(plain.group(1), text.substring(plain.end()), -1, Map.of())
        : new Report("", text, -1, Map.of());
  }

  /** A message that quotes what a damaged file holds can be gigabytes long, or no JSON. */
  private static Report cut(String text) {
    String start = text.substring(0, Math.min(text.length(), LONGEST));
    Matcher json = CUT_JSON.matcher(start);
    return json.find()
        ? new Report(json.group(1), json.group(2) + "…", -1, Map.of())
        : new Report("", start.lines().findFirst().orElse("") + "…", -1, Map.of());
  }

  private static Map<?, ?> parsed(String json) {
    try {
      return Json.object(Json.parse(json));
    } catch (java.io.UncheckedIOException notJson) {
      return Map.of();
    }
  }

  private static int position(@Nullable Object position) {
    return position instanceof String digits && digits.matches("\\d{1,9}")
        ? Integer.parseInt(digits)
        : -1;
  }

  /**
   * The exception for what DuckDB said.
   *
   * @param doing what was being done: {@code run the query}, {@code read [data/*.csv]}
   */
  static TarnException translate(String doing, SQLException e) {
    return translate(doing, e, UserText.NONE);
  }

  /**
   * The exception, which shows the place in the user's own text.
   *
   * @param user the text and how to find a place in it
   */
  static TarnException translate(String doing, SQLException e, UserText user) {
    Report report = report(e);
    String message = report.message();
    return switch (report.kind()) {
      case "Parser",
          "Syntax",
          "Binder",
          "Catalog",
          "Not implemented",
          "Not Implemented",
          "Parameter Not Allowed",
          "Permission",
          "Settings" ->
          new InvalidRequest(request(doing, report, user), e);
      case "Conversion", "Out of Range", "Mismatch Type", "Invalid Type", "Invalid" ->
          new BadData(badData(doing, message), e);
      case "Out of Memory", "OutOfMemory" -> new LimitExceeded(memory(doing, message), e);
      case "INTERRUPT", "Interrupt" ->
          new LimitExceeded("Cannot %s: it was cancelled. Run it again.".formatted(doing), e);
      case "IO" -> io(doing, message, e);
      default -> invalidInput(doing, message, e);
    };
  }

  private static TarnException invalidInput(String doing, String message, SQLException e) {
    if (message.contains("Values were not provided") || message.contains("Parameter count")) {
      return new InvalidRequest(
          "Cannot %s: a parameter has no value. Give one for each ? or $name.".formatted(doing), e);
    }
    return new BadData(badData(doing, message), e);
  }

  private static TarnException io(String doing, String message, SQLException e) {
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left") || lower.contains("disk quota")) {
      return new LimitExceeded(
          "Cannot %s: the disk is full. Free space, or choose another folder.".formatted(doing), e);
    }
    if (lower.contains("no files found")) {
      return new Unavailable(
          "Cannot %s: %s. Check the path; it is relative to %s."
              .formatted(doing, firstLine(message), java.nio.file.Path.of("").toAbsolutePath()),
          e);
    }
    if (lower.contains("permission denied")) {
      return new Unavailable(
          doing.startsWith("write")
              ? "Cannot %s: permission denied. Ask for the right to write there.".formatted(doing)
              : "Cannot %s: %s. Ask for the right to read it.".formatted(doing, firstLine(message)),
          e);
    }
    if (OF_CONTENT.matcher(message).find()) {
      return new BadData(badData(doing, message), e);
    }
    return new Unavailable(
        "Cannot %s: %s. Check that the file or folder is there and sound."
            .formatted(doing, firstLine(message)),
        e);
  }

  private static String memory(String doing, String message) {
    boolean spill = message.contains("temp_directory") || message.contains("temporary directory");
    return "Cannot %s: memory ran out, %s. Raise the memory limit%s, or read fewer rows or columns."
        .formatted(doing, firstLine(message), spill ? ", allow a larger spill folder" : "");
  }

  private static String badData(String doing, String message) {
    Matcher csv = CSV_LINE.matcher(message);
    if (csv.find()) {
      Matcher file = CSV_FILE.matcher(message);
      String source = file.find() ? " [%s]".formatted(file.group(1)) : "";
      source = doing.contains(source.strip()) ? "" : " of" + source;
      return "Cannot %s: line %s%s: %s. Mend the line, or read with another schema or separator."
          .formatted(doing, csv.group(1), source, firstLine(csv.group(3)));
    }
    if (message.contains("sniffing file")) {
      Matcher file = Pattern.compile("sniffing file \"(.*?)\"").matcher(message);
      return "Cannot %s: the lines of [%s] do not have the same number of values. Mend the file, or say its separator, quote and header."
          .formatted(doing, file.find() ? file.group(1) : "the file");
    }
    if (message.contains("Division by zero")) {
      return "Cannot %s: %s. Use nullIf(0) on the divisor, or dividedBy."
          .formatted(
              doing,
              firstLine(message)
                  .replace("Division by zero", "division by zero")
                  .replaceAll("\\. Use TRY.*", ""));
    }
    return "Cannot %s: %s. %s"
        .formatted(doing, lowerFirst(firstLine(message)), advice(doing, message));
  }

  private static String advice(String doing, String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    if (doing.startsWith("read [")) {
      return "Write it anew, or skip it with onBadFile(SKIP).";
    }
    if (lower.contains("overflow")) {
      return "Cast to a wider type first.";
    }
    if (CAST.matcher(lower).find()) {
      return "Use tryCast to get null instead.";
    }
    return "Check the values it is given.";
  }

  /** Whether a query that failed so could have met a file that cannot be read. */
  static boolean isOfReader(SQLException e) {
    Report report = report(e);
    return switch (report.kind()) {
      case "IO", "Invalid", "INTERNAL", "FATAL", "Serialization" -> true;
      case "Invalid Input" -> OF_CONTENT.matcher(report.message()).find();
      default -> false;
    };
  }

  /** What is wrong with the query, with the place in the user's text on lines of its own. */
  private static String request(String doing, Report report, UserText user) {
    String message = firstLine(report.message());
    if ("COLUMN_NOT_FOUND".equals(report.details().get("error_subtype"))) {
      message = columnNotFound(report);
    }
    String candidates = String.valueOf(report.details().get("candidates"));
    if ("MISSING_ENTRY".equals(report.details().get("error_subtype"))) {
      message = lowerFirst(message.replaceAll("!$", ""));
      if (!candidates.isEmpty() && !candidates.equals("null") && !candidates.startsWith("pg_")) {
        message += ". Did you mean " + candidates.replaceAll(",.*", "").strip() + "?";
      }
    }
    String line = "Cannot %s: %s".formatted(doing, ended(message));
    return caret(user.text(), user.place().applyAsInt(report.position()))
        .map(mark -> line + "\n" + mark)
        .orElse(line);
  }

  private static String columnNotFound(Report report) {
    String name = String.valueOf(report.details().get("name"));
    List<String> candidates =
        List.of(String.valueOf(report.details().get("candidates")).split(","));
    String nearest =
        UnknownColumn.nearest(name, candidates)
            .or(() -> Optional.of(candidates.get(0)))
            .filter(n -> !n.isEmpty() && !n.equals("null"))
            .map(n -> ". Did you mean " + n.strip() + "?")
            .orElse("");
    return "there is no column " + name + nearest;
  }

  /** The line of the text that a byte position is in, and a caret under the place. */
  static Optional<String> caret(String text, int position) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (text.isEmpty() || position < 0 || position > bytes.length) {
      return Optional.empty();
    }
    String before = new String(bytes, 0, position, StandardCharsets.UTF_8);
    int lineStart = before.lastIndexOf('\n') + 1;
    int lineEnd = text.indexOf('\n', lineStart);
    String line = text.substring(lineStart, lineEnd < 0 ? text.length() : lineEnd);
    long number = before.chars().filter(c -> c == '\n').count() + 1;
    String label = "line " + number + ": ";
    String indent =
        " ".repeat(label.length()) + before.substring(lineStart).replaceAll("[^\\t]", " ");
    return Optional.of(label + line + "\n" + indent + "^");
  }

  private static String firstLine(String message) {
    String first = message.strip().lines().findFirst().orElse("").strip();
    return first.replaceAll("[.!]+$", "").replaceAll("\\.? Use TRY\\(.*$", "");
  }

  private static String ended(String message) {
    return message.endsWith("?") || message.endsWith(".") ? message : message + ".";
  }

  private static String lowerFirst(String text) {
    return text.isEmpty() || (text.length() > 1 && Character.isUpperCase(text.charAt(1)))
        ? text
        : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }
}
