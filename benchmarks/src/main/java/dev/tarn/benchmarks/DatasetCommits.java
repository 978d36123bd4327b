package dev.tarn.benchmarks;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.benchmarks.Result.Verdict;
import dev.tarn.benchmarks.Turns.Times;
import dev.tarn.io.Codec;
import dev.tarn.lake.Dataset;
import dev.tarn.spi.DataFileSink;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.TableColumn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What a commit costs beside writing its file, by how many files and versions there are. */
final class DatasetCommits {

  private static final String WRITE = "the same row written by the engine, and forced to the disk";

  private DatasetCommits() {}

  static List<Result> run(Scale scale, Fixtures fixtures) throws Exception {
    Path lake = Lakes.empty(fixtures, "lake-commits");
    try (Tarn tarn = Tarn.open(lake)) {
      var datasets = new LinkedHashMap<String, Dataset>();
      int most = scale.commitFiles();
      for (int files = Math.max(2, most / 1000); files < most; files *= 10) {
        datasets.put(
            "%,d files".formatted(files), Lakes.many(tarn, lake, "t" + files, files, false));
      }
      datasets.put("%,d files".formatted(most), Lakes.many(tarn, lake, "t" + most, most, false));
      int appends = Math.max(2, most / 10);
      datasets.put(
          "%,d files by as many commits".formatted(appends),
          Lakes.oneByOne(tarn, lake, "appends", appends));
      return results(commits(datasets, tarn, lake, scale));
    } finally {
      Lakes.remove(lake);
    }
  }

  /** Times of appends, less those of writing the file in the same round. */
  private static Times commits(Map<String, Dataset> datasets, Tarn tarn, Path lake, Scale scale)
      throws Exception {
    Frame row = Lakes.rows(tarn, 0).limit(1);
    DataFileSink sink = sink(lake.resolve("beside"), row);
    var turns = new Turns();
    turns.side(
        WRITE, () -> tarn.engine().writeDataFiles(row.plan(), sink, RunOptions.DEFAULT).size());
    datasets.forEach((name, dataset) -> turns.side(name, () -> dataset.append(row).filesAdded()));
    Map<String, double[]> all = turns.run(scale.warmups() * 5, scale.commitRounds()).millis();
    var commits = new LinkedHashMap<String, double[]>();
    datasets.keySet().forEach(name -> commits.put(name, less(of(all, name), of(all, WRITE))));
    return new Times(commits);
  }

  private static double[] of(Map<String, double[]> all, String side) {
    return Objects.requireNonNull(all.get(side), side);
  }

  private static double[] less(double[] appends, double[] writes) {
    double usual = new Times(Map.of("", writes)).median("");
    return Arrays.stream(appends).map(append -> append - usual).toArray();
  }

  private static DataFileSink sink(Path folder, Frame row) {
    var columns = new ArrayList<TableColumn>();
    row.schema()
        .fields()
        .forEach(f ->
            columns.add(new TableColumn(columns.size() + 1, f.name(), f.type(), List.of(), null)));
    return new DataFileSink(
        folder.toString(),
        columns,
        List.of(),
        List.of(),
        Codec.ZSTD,
        OptionalInt.empty(),
        256L << 20,
        OptionalLong.empty());
  }

  private static List<Result> results(Times commits) {
    var results = new ArrayList<Result>();
    List<String> names = List.copyOf(commits.millis().keySet());
    for (String name : names) {
      double millis = commits.median(name);
      results.add(
          new Result(
              "commits",
              "append of one row, less writing it, to " + name,
              WRITE,
              "%+.1f ms".formatted(millis),
              "≤ +60 ms",
              Verdict.of(millis <= 60),
              Map.of("commit_median_ms", millis)));
    }
    for (String name : names.subList(names.size() - 2, names.size())) {
      results.add(
          Result.ratio(
              "commits",
              "append of one row, less writing it, to " + name,
              commits,
              name,
              names.getFirst(),
              1.5));
    }
    return results;
  }
}
