package dev.tarn.redis.infer;

import dev.tarn.redis.Advice;
import dev.tarn.redis.Advice.Trial;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.scan.KeyPattern;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.Tables;
import dev.tarn.redis.wire.Servers;
import dev.tarn.type.Schema;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Measures how keys are best read, by short scans of them. */
public final class Advisor {

  private static final int SAMPLE = 500;
  private static final int LOOKED_AT = 4000;
  private static final Duration TRIAL = Duration.ofMillis(100);
  private static final int FINGERPRINT_BYTES = 16;

  /** What a value takes as a column's, beyond its bytes. */
  private static final int VALUE_BYTES = 8;

  private final Servers servers;
  private final KeyPattern pattern;
  private final ScanOptions options;

  public Advisor(Servers servers, KeyPattern pattern, ScanOptions options) {
    this.servers = servers;
    this.pattern = pattern;
    this.options = options;
  }

  /** Looks and measures. */
  public Advice advise() {
    var inference = new Inference(servers, pattern, options.sample(SAMPLE));
    KeyType type = inference.mostCommonType();
    Schema schema = type.hasOwnColumns() ? inference.of(type).schema() : Tables.usual(type);
    ServerFacts server = ServerFacts.of(servers);
    KeySample all =
        new KeySampler(KeyPattern.of("*"), Optional.empty(), LOOKED_AT, 1).sample(servers);
    KeySample some = new KeySampler(pattern, Optional.of(type.server()), SAMPLE, 2).sample(servers);
    SampleFacts sample = SampleFacts.of(servers, all, some, pattern, type);
    var trials = new Trials(servers, type, pattern, schema, TRIAL);
    return advice(type, trials.columns(), server, sample, some, trials.usual());
  }

  private Advice advice(
      KeyType type,
      int columns,
      ServerFacts server,
      SampleFacts sample,
      KeySample some,
      List<Trials.Outcome> outcomes) {
    Trial keysAlone = outcomes.get(0).trial();
    Trial tuned = outcomes.get(1).trial();
    Trial best =
        outcomes.stream()
            .map(Trials.Outcome::trial)
            .filter(t -> t.columns() == columns)
            .max(Comparator.comparingDouble(Trial::rate))
            .orElse(tuned);
    long matching = sample.documents(some, server.keys());
    long rows = Math.round(matching * sample.rowsPerKey());
    double row = outcomes.get(1).bytes();
    long collected = Math.round(rows * (row + (double) VALUE_BYTES * (columns + 1)));
    var measured =
        new Measured(
            type,
            "redis %s %s".formatted(type.plural(), pattern),
            columns,
            server,
            matching,
            rows,
            some,
            sample,
            outcomes.stream().map(Trials.Outcome::trial).toList(),
            best,
            seconds(rows, best.rate()),
            collected,
            FINGERPRINT_BYTES * matching + Math.min(collected, options.memory()),
            Math.round(row),
            columns < 2
                ? OptionalDouble.empty()
                : OptionalDouble.of(outcomes.get(2).trial().rate() / Math.max(1, tuned.rate())),
            type.isIndexed() ? indexPays(keysAlone.rate(), tuned.rate()) : 0);
    return measured.advice();
  }

  private static Duration seconds(long rows, double rate) {
    return Duration.ofMillis(Math.round(1000 * rows / Math.max(1, rate)));
  }

  /**
   * An index finds rows without going through the others, and their values are read as by a scan;
   * finding a row is taken to cost as much as reading it.
   */
  static double indexPays(double keysRate, double fullRate) {
    double scan = 1 / Math.max(1, fullRate);
    double reading = Math.max(scan / 10, scan - 1 / Math.max(1, keysRate));
    return Math.clamp(scan / (2 * reading), 0, 1);
  }
}
