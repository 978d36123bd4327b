package dev.tarn.benchmarks;

import dev.tarn.benchmarks.Result.Verdict;
import dev.tarn.benchmarks.Turns.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The JMH benchmarks, and which of them is held against which. */
final class Micro {

  private Micro() {}

  /** Runs all of them several times over, so that each pass holds both sides of a comparison. */
  static List<Result> run(Scale scale, Fixtures fixtures) throws RunnerException {
    boolean full = scale.equals(Scale.FULL);
    var options =
        new OptionsBuilder()
            .include("dev\\.tarn\\.benchmarks\\..*Benchmark\\.")
            .forks(1)
            .warmupIterations(full ? 5 : 2)
            .warmupTime(TimeValue.milliseconds(full ? 1_000 : 600))
            .measurementIterations(full ? 5 : 2)
            .measurementTime(TimeValue.milliseconds(full ? 1_000 : 600))
            .shouldFailOnError(true)
            .jvmArgs(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx2g",
                "-Dtarn.fixtures=" + fixtures.folder())
            .build();
    int passes = full ? 7 : 3;
    var scores = new TreeMap<String, double[]>();
    for (int pass = 0; pass < passes; pass++) {
      for (RunResult run : new Runner(options).run()) {
        scores.computeIfAbsent(name(run), name -> new double[passes])[pass] =
            run.getPrimaryResult().getScore();
      }
    }
    return results(new Times(scores));
  }

  private static String name(RunResult run) {
    String column = run.getParams().getParam("column");
    String label = run.getPrimaryResult().getLabel();
    return column == null ? label : label + " " + column;
  }

  private static List<Result> results(Times scores) {
    var results = new ArrayList<Result>();
    String ten = "a frame of ten operations: ";
    String chunks = "the driver's chunks";
    String jdbc = "a JDBC result set";
    results.add(
        line(scores, ten + "built, names checked", "build", "engine.explain of it", "explain"));
    results.add(line(scores, ten + "rendered as SQL", "render", "engine.explain of it", "explain"));
    results.add(line(scores, ten + "schema()", "schema", "plain JDBC, prepared", "plainPrepare"));
    results.add(
        line(scores, ten + "plan()", "explain", "plain JDBC, EXPLAIN as text", "plainExplain"));
    for (String column : List.of("id", "amount", "region")) {
      String type = Map.of("id", "BIGINT", "amount", "DOUBLE").getOrDefault(column, "VARCHAR");
      String what = "1,000,000 rows of %s by batches(65_536)".formatted(type);
      results.add(line(scores, what, "tarnBatches " + column, chunks, "plainChunks " + column));
      results.add(line(scores, what, "tarnBatches " + column, jdbc, "plainJdbc " + column));
    }
    results.add(
        line(
            scores,
            "100,000 rows by collect(Record.class)",
            "collectRecords",
            "a loop over a JDBC result set",
            "plainRecords"));
    results.add(
        line(
            scores,
            "100,000 rows in memory, grouped",
            "queryRows",
            "appender into a table, grouped",
            "plainAppend"));
    results.add(
        line(
            scores,
            "100,000 records made a frame, grouped",
            "queryRecords",
            "appender into a table, grouped",
            "plainAppend"));
    return results;
  }

  private static Result line(Times scores, String what, String side, String peer, String peerSide) {
    double ratio = scores.ratio(side, peerSide);
    return new Result(
        "jmh",
        what,
        peer,
        ratio < 0.05
            ? "%.4f times".formatted(ratio)
            : "%.2f times (%s)".formatted(ratio, scores.spread(side, peerSide)),
        "",
        Verdict.NONE,
        Map.of(
            "tarn_median_score", scores.median(side),
            "peer_median_score", scores.median(peerSide),
            "ratio", ratio));
  }
}
