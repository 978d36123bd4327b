package dev.tarn.cli.dataset;

import dev.tarn.Columns;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.expr.SortKey;
import dev.tarn.io.Codec;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.Option;
import dev.tarn.lake.Options;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What parameters and options mean, and numbers as people read them. */
final class Words {

  private static final Pattern SORT_KEY =
      Pattern.compile("(.+?)(?:\\s+(asc|desc))?", Pattern.CASE_INSENSITIVE);
  private static final Pattern COMPRESSION = Pattern.compile("(\\w+)(?::(\\d{1,9}))?");
  private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB"};

  private Words() {}

  /** {@code date, amount desc} as sort keys. */
  static Object[] sortKeys(String text) {
    return Arguments.words(text).stream().map(Words::sortKey).toArray();
  }

  private static SortKey sortKey(String text) {
    Matcher key = SORT_KEY.matcher(text);
    if (!key.matches()) {
      throw new IllegalStateException(text);
    }
    return "desc".equalsIgnoreCase(key.group(2))
        ? Columns.desc(key.group(1))
        : Columns.asc(key.group(1));
  }

  /** {@code zstd:3}, {@code snappy}. */
  static Option.Compression compression(String text) {
    Matcher matcher = COMPRESSION.matcher(text);
    Optional<Codec> codec = matcher.matches() ? codec(matcher.group(1)) : Optional.empty();
    if (codec.isEmpty()) {
      throw new WrongCommandLine(
          "Cannot compress by %s: there is no such codec. Use %s, zstd also with a level: zstd:3."
              .formatted(text, String.join(", ", codecs())));
    }
    String level = matcher.group(2);
    return level == null
        ? Options.compression(codec.get())
        : Options.compression(codec.get(), Integer.parseInt(level));
  }

  private static Optional<Codec> codec(String name) {
    return Arrays.stream(Codec.values()).filter(c -> label(c).equals(label(name))).findFirst();
  }

  private static List<String> codecs() {
    return Arrays.stream(Codec.values()).map(Words::label).toList();
  }

  private static String label(Codec codec) {
    return label(codec.name());
  }

  private static String label(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_raw", "");
  }

  /** A version: its number, or the name of a tag or branch that stands for it. */
  static long snapshot(Dataset dataset, String text) {
    Long named = dataset.refs().get(text);
    if (named != null) {
      return named;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new WrongCommandLine(
          "Cannot find version %s of [%s]: it is neither a number nor a tag. See tarn history %s."
              .formatted(text, dataset.name(), dataset.name()));
    }
  }

  /** {@code 1 row}, {@code 2,000 rows}. */
  static String count(long count, String one) {
    return "%,d %s%s".formatted(count, one, count == 1 ? "" : "s");
  }

  /** {@code 12.3 MB}; exact below a thousand. */
  static String size(long bytes) {
    if (bytes < 1000) {
      return count(bytes, "byte");
    }
    double size = bytes / 1e3;
    int unit = 0;
    while (size >= 999.95 && unit < UNITS.length - 1) {
      size /= 1000;
      unit++;
    }
    return "%.1f %s".formatted(size, UNITS[unit]);
  }

  /** The end of a sentence that names the version that was made, if any. */
  static String version(Optional<Long> snapshot) {
    return snapshot.map(id -> " · version " + id).orElse("");
  }
}
