package dev.tarn.cli.dataset;

import dev.tarn.cli.Arguments;
import dev.tarn.cli.Quantities;
import dev.tarn.lake.Option;
import dev.tarn.lake.Options;
import dev.tarn.lake.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options that say how the files of a dataset are laid out. */
final class Layout {

  static final String PARTITION_BY = "--partition-by";
  static final String SORT_BY = "--sort-by";
  static final String COMPRESSION = "--compression";
  static final String TARGET_SIZE = "--target-size";
  static final String REQUIRED = "--required";

  private static final List<String> ALL =
      List.of(PARTITION_BY, SORT_BY, COMPRESSION, TARGET_SIZE, REQUIRED);

  private Layout() {}

  static void addTo(CommandSpec spec) {
    spec.addOption(
        Arguments.option(
            PARTITION_BY,
            "LIST",
            "Of a new dataset: columns, year(c), month(c), day(c), hour(c), bucket(n,c), truncate(n,c)."));
    spec.addOption(
        Arguments.option(
            SORT_BY, "LIST", "Of a new dataset: how its files are sorted, \"a,b desc\"."));
    spec.addOption(
        Arguments.option(
            COMPRESSION,
            "CODEC",
            "Of a new dataset: zstd:3, zstd, snappy, gzip, lz4, uncompressed."));
    spec.addOption(
        Arguments.option(TARGET_SIZE, "SIZE", "Of a new dataset: about how large its files get."));
    spec.addOption(
        Arguments.option(REQUIRED, "LIST", "Of a new dataset: columns in which null is refused."));
  }

  /** What the options say of a new dataset. */
  static Option.OfTable[] of(ParseResult arguments) {
    var options = new ArrayList<Option.OfTable>();
    Arguments.value(arguments, PARTITION_BY)
        .map(Layout::transforms)
        .map(Options::partitionedBy)
        .ifPresent(options::add);
    Arguments.value(arguments, SORT_BY)
        .map(Words::sortKeys)
        .map(Options::sortedBy)
        .ifPresent(options::add);
    Arguments.value(arguments, COMPRESSION).map(Words::compression).ifPresent(options::add);
    targetSize(arguments).ifPresent(options::add);
    Arguments.value(arguments, REQUIRED)
        .map(list -> Options.required(Arguments.words(list).toArray(String[]::new)))
        .ifPresent(options::add);
    return options.toArray(Option.OfTable[]::new);
  }

  static Transform[] transforms(String list) {
    return Transform.parseAll(list).toArray(Transform[]::new);
  }

  static Optional<Option.TargetSize> targetSize(ParseResult arguments) {
    return Arguments.value(arguments, TARGET_SIZE)
        .map(size -> Options.targetSize(Quantities.bytes(TARGET_SIZE, size)));
  }

  /** The first of the options that was given. */
  static Optional<String> said(ParseResult arguments) {
    return ALL.stream().filter(arguments::hasMatchedOption).findFirst();
  }
}
