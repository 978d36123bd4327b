package dev.tarn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.benchmarks.Result.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every benchmark's body runs on next to nothing. What it measures there means nothing. */
class BenchmarksTest {

  @TempDir Path folder;

  private Fixtures fixtures;

  @BeforeEach
  void useTheFolder() {
    System.setProperty("tarn.fixtures", folder.toString());
    fixtures = Fixtures.standard();
  }

  @AfterEach
  void forgetTheFolder() {
    System.clearProperty("tarn.fixtures");
  }

  @Test
  void smallQueriesRun() throws Exception {
    assertThat(Overhead.small(Scale.SMOKE, fixtures)).hasSize(4);
  }

  @Test
  void theLargeQueryRuns() throws Exception {
    assertThat(Overhead.large(Scale.SMOKE, fixtures)).hasSize(5);
  }

  @Test
  void processesStart() throws Exception {
    var java = Child.java(List.of(), Child.classPath(), MinimalStart.class.getName());
    assertThat(StartUp.times(java, Scale.SMOKE, fixtures).millis()).hasSize(3);
  }

  @Test
  void childrenStream() throws Exception {
    assertThat(Streaming.run(Scale.SMOKE, fixtures)).hasSize(6);
  }

  @Test
  void filesOpen() throws Exception {
    assertThat(OpenFiles.run(Scale.SMOKE, fixtures)).hasSize(6);
  }

  @Test
  void commitsAreMade() throws Exception {
    assertThat(DatasetCommits.run(Scale.SMOKE, fixtures)).hasSize(5);
  }

  @Test
  void pointQueriesArePlanned() throws Exception {
    assertThat(DatasetPlanning.run(Scale.SMOKE, fixtures)).hasSize(6);
  }

  @Test
  void datasetsAreWritten() throws Exception {
    assertThat(DatasetWrites.appends(Scale.SMOKE, fixtures)).hasSize(8);
    assertThat(DatasetWrites.compaction(Scale.SMOKE, fixtures)).hasSize(3);
    assertThat(DatasetWrites.upserts(Scale.SMOKE, fixtures)).hasSize(4);
  }

  @Test
  void redisIsScannedAndWritten() throws Exception {
    assertThat(RedisScans.run(Scale.SMOKE, fixtures)).hasSize(5);
    assertThat(RedisSearches.run(Scale.SMOKE, fixtures)).hasSize(6);
    assertThat(RedisWrites.run(Scale.SMOKE, fixtures)).hasSize(1);
    assertThat(RedisStreaming.run(Scale.SMOKE, fixtures))
        .hasSize(2)
        .last()
        .returns(Verdict.MET, Result::verdict);
    assertThat(RedisAggregates.run(Scale.SMOKE, fixtures)).hasSize(4);
  }

  @Test
  void framesRenderAndPlan() throws Exception {
    var benchmark = new RenderBenchmark();
    benchmark.open();
    assertThat(benchmark.build().columns()).contains("each");
    assertThat(benchmark.render()).contains("GROUP BY");
    assertThat(benchmark.schema()).isNotNull();
    assertThat(benchmark.explain()).isNotNull();
    assertThat(benchmark.plainPrepare()).isNotNull();
    assertThat(benchmark.plainExplain()).isPositive();
    benchmark.close();
  }

  @Test
  void allWaysOfReadingAgree() throws Exception {
    for (String column : List.of("id", "amount", "region")) {
      var benchmark = new ReadBenchmark();
      benchmark.column = column;
      benchmark.rows = 3_000;
      benchmark.open();
      assertThat(benchmark.tarnBatches())
          .isEqualTo(benchmark.plainChunks())
          .isEqualTo(benchmark.plainJdbc());
      benchmark.close();
    }
  }

  @Test
  void recordsComeAndGo() throws Exception {
    var benchmark = new RecordBenchmark();
    benchmark.rows = 500;
    benchmark.open();
    assertThat(benchmark.collectRecords()).isEqualTo(benchmark.plainRecords()).hasSize(500);
    assertThat(benchmark.queryRows()).isNotNull();
    assertThat(benchmark.queryRecords()).isNotNull();
    assertThat(benchmark.plainAppend()).isEqualTo(50);
    benchmark.close();
  }

  @Test
  void theTableTakesItsPlaceInThePage() throws Exception {
    Path page = folder.resolve("page.md");
    Files.writeString(
        page,
        "before\n<!-- results: written by benchmarks/run -->\n| g | old |\n| other | stays |\n<!-- end of results -->\nafter\n");
    var result = new Result("g", "what", "peer", "1.00 times", "", Verdict.NONE, Map.of("a", 1.0));
    var report = new Report(Machine.now(), "benchmarks/run", List.of(result));
    report.writeTable(page, List.of("other", "g"));
    report.writeJson(folder);
    assertThat(page)
        .content()
        .contains("before", "| other | stays |\n| g | what | peer | 1.00 times |  |  |", "after")
        .doesNotContain("old");
    assertThat(folder.resolve("g.json")).content().contains("\"a\" : 1.0");
  }
}
