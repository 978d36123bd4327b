package dev.tarn.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.tarn.Frame;
import dev.tarn.QueryPlan.SourceUse;
import dev.tarn.Tarn;
import dev.tarn.benchmarks.Turns.Times;
import dev.tarn.lake.Dataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One row out of very many files: the whole query, held against reading the one file. */
final class DatasetPlanning {

  private static final String PEER = "plain JDBC, reading the one file";
  private static final String OPENING = "tarn, opening the dataset as well";

  private DatasetPlanning() {}

  static List<Result> run(Scale scale, Fixtures fixtures) throws Exception {
    Path lake = Lakes.empty(fixtures, "lake-planning");
    try (Tarn tarn = Tarn.open(lake)) {
      var results = new ArrayList<Result>();
      for (boolean byDay : new boolean[] {false, true}) {
        int files = scale.plannedFiles();
        String name = byDay ? "by_day" : "plain";
        Dataset dataset = Lakes.many(tarn, lake, name, files, byDay);
        String what =
            "point query on %,d files%s".formatted(files, byDay ? ", partitioned by day" : "");
        results.add(warm(what, tarn, dataset, file(lake, name), scale));
        results.addAll(cold(what, lake, name, file(lake, name), scale));
      }
      return results;
    } finally {
      Lakes.remove(lake);
    }
  }

  /** The one file that is there. */
  private static Path file(Path lake, String name) throws Exception {
    try (Stream<Path> paths = Files.walk(lake)) {
      return paths
          .filter(path -> path.toString().endsWith(".parquet"))
          .filter(path -> path.toString().contains("/" + name))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Result warm(String what, Tarn tarn, Dataset dataset, Path file, Scale scale)
      throws Exception {
    int files = scale.plannedFiles();
    Frame query = Lakes.pointQuery(dataset, files);
    requireOneFile(tarn, query);
    try (Plain plain = Plain.open()) {
      String sql = plainQuery(file, files);
      Times times =
          new Turns()
              .side(PEER, () -> plain.rows(sql))
              .side("tarn", () -> query.collect().size())
              .run(scale.warmups() * 5, scale.commitRounds());
      return Result.difference("planning", what + ", warm", times, "tarn", PEER, 150);
    }
  }

  private static void requireOneFile(Tarn tarn, Frame query) {
    SourceUse use = tarn.plan(query).sources().getFirst();
    if (use.filesKept().orElse(-1) != 1) {
      throw new IllegalStateException("%s opens %s files".formatted(use.name(), use.filesKept()));
    }
  }

  static String plainQuery(Path file, int files) {
    return "SELECT * FROM %s WHERE id = %d".formatted(Plain.literal(file), Lakes.wantedId(files));
  }

  /**
   * The first query of a process, which has opened the engine and the dataset; and both together,
   * the dataset's opening and the query.
   */
  private static List<Result> cold(String what, Path lake, String name, Path file, Scale scale)
      throws Exception {
    var millis = new LinkedHashMap<String, double[]>();
    for (String side : List.of("tarn", OPENING, PEER)) {
      millis.put(side, new double[scale.startRounds()]);
    }
    for (int round = 0; round < scale.startRounds(); round++) {
      Map<String, Double> tarn = child("POINT", lake, name, scale);
      double query = tarn.getOrDefault("millis", 0.0);
      requireNonNull(millis.get("tarn"))[round] = query;
      requireNonNull(millis.get(OPENING))[round] = query + tarn.getOrDefault("opening", 0.0);
      requireNonNull(millis.get(PEER))[round] =
          child("PLAIN_POINT", file, name, scale).getOrDefault("millis", 0.0);
    }
    String first = what + ", first of a process";
    var times = new Times(millis);
    return List.of(
        Result.difference("planning", first, times, "tarn", PEER, 1_000),
        Result.difference(
            "planning", first + ", with the opening of the dataset", times, OPENING, PEER));
  }

  private static Map<String, Double> child(String task, Path place, String name, Scale scale)
      throws Exception {
    return Child.numbers(
        Child.run(
            Child.java(
                List.of(),
                Child.classPath(),
                DatasetChild.class.getName(),
                task,
                place,
                name,
                scale.plannedFiles())));
  }
}
