package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.ExitCode;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.DatasetStatistics;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn show}: what there is to know of a dataset at a glance. */
public final class ShowCommand extends DatasetCommand {

  private record Shown(
      String dataset,
      long rows,
      long files,
      long bytes,
      long smallFiles,
      long deleteFiles,
      long partitions,
      List<String> partitionedBy,
      List<String> sortedBy,
      int versions,
      Optional<Instant> oldest,
      Optional<Instant> newest,
      long metadataBytes,
      List<ColumnOf> columns,
      List<String> advice) {

    static Shown of(DatasetStatistics statistics) {
      return new Shown(
          statistics.name(),
          statistics.rows(),
          statistics.files(),
          statistics.bytes(),
          statistics.smallFiles(),
          statistics.deleteFiles(),
          statistics.partitions(),
          statistics.partitioning(),
          statistics.sortedBy(),
          statistics.snapshots(),
          statistics.oldest(),
          statistics.newest(),
          statistics.metadataBytes(),
          ColumnOf.all(statistics.columns()),
          statistics.advice());
    }
  }

  public ShowCommand() {
    super("Show a dataset: sizes, columns, layout, and what maintenance it would profit from.");
  }

  @Override
  void addTo(CommandSpec spec) {
    addBranchTo(spec);
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    DatasetStatistics statistics = dataset.statistics();
    answer.done(Shown.class, Shown.of(statistics), statistics.text().stripTrailing());
    return ExitCode.DONE;
  }
}
