package dev.tarn.benchmarks;

import dev.tarn.benchmarks.Result.Verdict;
import dev.tarn.benchmarks.StreamingChild.Way;
import dev.tarn.benchmarks.Turns.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The large file, from Parquet to Parquet and into Java, in child processes with a heap of 256 MB
 * and a limit of 1 GB for the engine. Times are the children's own, from opening the engine to
 * closing it.
 */
final class Streaming {

  private static final String LIMITS = "-Xmx256m, engine limit 1 GB";

  private final Scale scale;
  private final Fixtures fixtures;
  private final Map<Way, Double> peaks = new EnumMap<>(Way.class);

  private Streaming(Scale scale, Fixtures fixtures) {
    this.scale = scale;
    this.fixtures = fixtures;
  }

  static List<Result> run(Scale scale, Fixtures fixtures) throws Exception {
    return new Streaming(scale, fixtures).run();
  }

  private List<Result> run() throws Exception {
    Times writes = times(Way.TARN_WRITE, Way.PLAIN_COPY);
    Times reads = times(Way.TARN_BATCHES, Way.TARN_STREAM, Way.PLAIN_CHUNKS);
    String rows = "%,d rows (%s)".formatted(scale.rows(), LIMITS);
    var results = new ArrayList<Result>();
    results.addAll(
        of(
            "Parquet to Parquet through a filter, " + rows,
            writes,
            Way.TARN_WRITE,
            Way.PLAIN_COPY,
            "COPY by plain JDBC"));
    results.addAll(
        of(
            "batches(65_536), all columns of " + rows,
            reads,
            Way.TARN_BATCHES,
            Way.PLAIN_CHUNKS,
            "driver's chunks, one value of each looked at"));
    results.addAll(
        of(
            "stream(), all rows of " + rows,
            reads,
            Way.TARN_STREAM,
            Way.PLAIN_CHUNKS,
            "driver's chunks, one value of each looked at"));
    return results;
  }

  private List<Result> of(String what, Times times, Way way, Way peer, String peerName) {
    double megabytes = peaks.getOrDefault(way, -1.0) / 1e6;
    double peerMegabytes = peaks.getOrDefault(peer, -1.0) / 1e6;
    Result time = Result.ratio("streaming", what + ": time", times, way.name(), peer.name());
    return List.of(
        new Result(
            "streaming",
            what,
            peerName,
            "passes; peak resident %.0f MB, peer %.0f MB".formatted(megabytes, peerMegabytes),
            "passes",
            Verdict.MET, // a child that fails ends the run
            Map.of("tarn_peak_mb", megabytes, "peer_peak_mb", peerMegabytes)),
        new Result(
            time.group(),
            time.what(),
            peerName,
            time.measured(),
            time.target(),
            time.verdict(),
            time.numbers()));
  }

  /** Each way's own times: those of its child without the start of the JVM. */
  private Times times(Way... ways) throws Exception {
    var millis = new java.util.LinkedHashMap<String, double[]>();
    for (Way way : ways) {
      millis.put(way.name(), new double[scale.streamRounds()]);
    }
    for (int round = 0; round < scale.streamRounds(); round++) {
      List<Way> order = round % 2 == 0 ? List.of(ways) : List.of(ways).reversed();
      double expected = -1;
      for (Way way : order) {
        Map<String, Double> child = child(way);
        double rows = child.getOrDefault("rows", 0.0);
        if (expected >= 0 && rows != expected) {
          throw new IllegalStateException(
              "%s read %.0f rows, another way %.0f".formatted(way, rows, expected));
        }
        expected = rows;
        peaks.merge(way, child.getOrDefault("peak", -1.0), Math::max);
        double[] all = millis.get(way.name());
        if (all != null) {
          all[round] = child.getOrDefault("millis", 0.0);
        }
      }
    }
    return new Times(millis);
  }

  private Map<String, Double> child(Way way)
      throws IOException, InterruptedException, java.sql.SQLException {
    Path output = fixtures.folder().resolve("streamed.parquet");
    Path spill = Files.createDirectories(fixtures.folder().resolve("spill"));
    Files.deleteIfExists(output);
    try {
      return Child.numbers(
          Child.run(
              Child.java(
                  List.of("-Xmx256m"),
                  Child.classPath(),
                  StreamingChild.class.getName(),
                  way,
                  fixtures.sales(scale.rows()),
                  output,
                  spill)));
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
