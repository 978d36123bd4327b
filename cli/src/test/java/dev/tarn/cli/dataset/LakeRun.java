package dev.tarn.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.CommandRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Runs commands on a lake in a folder. */
record LakeRun(Path lake) {

  static final String ROWS =
      "SELECT i AS id, DATE '2024-01-01' + (i % 60)::INTEGER AS date, ['n', 's'][i % 2 + 1] AS region, i * 1.5 AS amount FROM range(1000) t(i)";

  CommandRun run(String... args) {
    return CommandRun.of(
        Stream.concat(Stream.of("--lake", lake.toString()), Arrays.stream(args))
            .toArray(String[]::new));
  }

  /** Runs a command that must not fail, and returns what it printed. */
  String done(String... args) {
    CommandRun run = run(args);
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    return run.out();
  }

  /** Runs a command that must fail with a code and one line. */
  String fails(int status, String... args) {
    CommandRun run = run(args);
    assertThat(run.status()).as(run.err()).isEqualTo(status);
    assertThat(run.err()).hasLineCount(1);
    return run.err();
  }

  /** The rows of a query as CSV, without the head. */
  List<String> rows(String query) {
    return done("sql", query, "--format=csv").lines().skip(1).toList();
  }

  LakeRun withSales() {
    done("write", "sales", "--from", ROWS);
    return this;
  }

  /** Numbers of the versions, the oldest first. */
  List<String> versions(String dataset) {
    return done("history", dataset, "--format=csv")
        .lines()
        .skip(1)
        .map(line -> line.substring(0, line.indexOf(',')))
        .toList();
  }
}
