package dev.tarn.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs the benchmarks; see {@code benchmarks/run}. Runs in the root of the checkout. */
final class Main {

  private Main() {}

  /** A group of benchmarks. */
  @FunctionalInterface
  private interface Group {
    List<Result> run(Scale scale, Fixtures fixtures) throws Exception;
  }

  private static Map<String, Group> groups() {
    var groups = new LinkedHashMap<String, Group>();
    groups.put("small", Overhead::small);
    groups.put("large", Overhead::large);
    groups.put("start", StartUp::run);
    groups.put("streaming", Streaming::run);
    groups.put("files", OpenFiles::run);
    groups.put("commits", DatasetCommits::run);
    groups.put("planning", DatasetPlanning::run);
    groups.put("appends", DatasetWrites::appends);
    groups.put("compaction", DatasetWrites::compaction);
    groups.put("upserts", DatasetWrites::upserts);
    groups.put("redis", RedisScans::run);
    groups.put("redis-peer", RedisPeer::run);
    groups.put("redis-search", RedisSearches::run);
    groups.put("redis-aggregate", RedisAggregates::run);
    groups.put("redis-write", RedisWrites::run);
    groups.put("redis-stream", RedisStreaming::run);
    groups.put("jmh", Micro::run);
    return groups;
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ROOT);
    var asked = new ArrayList<>(List.of(args));
    Scale scale = asked.remove("--full") ? Scale.FULL : Scale.USUAL;
    boolean keeps = asked.remove("--keep") || asked.isEmpty();
    Map<String, Group> groups = groups();
    if (!groups.keySet().containsAll(asked)) {
      System.err.println("Cannot run " + asked + ": the groups are " + groups.keySet() + ".");
      System.exit(2);
    }
    Fixtures fixtures = Fixtures.standard();
    Machine machine = Machine.now();
    var results = new ArrayList<Result>();
    for (Map.Entry<String, Group> group : groups.entrySet()) {
      if (asked.isEmpty() || asked.contains(group.getKey())) {
        System.out.println("running " + group.getKey() + " …");
        results.addAll(group.getValue().run(scale, fixtures));
      }
    }
    String command = String.join(" ", List.of("benchmarks/run", String.join(" ", args))).strip();
    var report = new Report(machine, command, results);
    System.out.println(report.table());
    if (keeps) {
      report.writeTable(Path.of("benchmarks", "README.md"), List.copyOf(groups.keySet()));
      report.writeJson(Path.of("benchmarks", "results"));
    }
  }
}
