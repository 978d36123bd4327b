package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Tarn;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import dev.tarn.testkit.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lake whose catalog is a PostgreSQL database. */
class PostgresCatalogTest {

  private static PostgresServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private LakeCatalog catalog(String password) {
    return new LakeCatalog.Jdbc(
        server.url(), Map.of("user", "postgres", "password", password), folder.resolve("data"));
  }

  private Tarn open() {
    return Tarn.open(catalog(PostgresServer.PASSWORD), DuckDbOptions.DEFAULT);
  }

  private static long rows(Dataset t) {
    return t.frame().collect().size();
  }

  @Test
  void datasetsAreMadeWrittenRenamedAndDropped() {
    try (Tarn tarn = open()) {
      Dataset t = tarn.create("first", tarn.sql("SELECT 1 AS id"));
      t.append(tarn.sql("SELECT 2 AS id"));
      t.merge(tarn.sql("SELECT 2 AS id UNION ALL SELECT 3")).on("id").upsert();
      assertThat(rows(t)).isEqualTo(3);
      tarn.lake().rename("first", "second");
      assertThat(tarn.lake().datasets()).contains("second").doesNotContain("first");
      tarn.lake().dropAndPurge("second");
      assertThat(tarn.lake().contains("second")).isFalse();
    }
  }

  @Test
  @Timeout(300)
  void severalWritersLoseNothing() throws Exception {
    int writers = 3;
    int commits = 12;
    try (Tarn tarn = open()) {
      tarn.create("many", tarn.sql("SELECT 0 AS id").limit(0));
      try (var pool = Executors.newFixedThreadPool(writers)) {
        var running = new ArrayList<Future<?>>();
        for (int w = 0; w < writers; w++) {
          int from = w * commits;
          running.add(
              pool.submit(() -> {
                try (Tarn own = open()) {
                  for (int i = from; i < from + commits; i++) {
                    own.dataset("many").append(own.sql("SELECT ? AS id", i));
                  }
                }
              }));
        }
        for (Future<?> one : running) {
          one.get();
        }
      }
      assertThat(
              tarn.sql("SELECT count(DISTINCT id) || ' of ' || count(*) FROM many")
                  .collect()
                  .value())
          .isEqualTo("36 of 36");
    }
  }

  @Test
  void itGoesOnAfterTheServerWasRestarted() throws Exception {
    try (Tarn tarn = open()) {
      Dataset t = tarn.create("kept", tarn.sql("SELECT 1 AS id"));
      server.control("stop");
      assertThatThrownBy(() -> t.append(tarn.sql("SELECT 2 AS id")))
          .isInstanceOf(Unavailable.class);
      server.control("start");
      t.append(tarn.sql("SELECT 3 AS id"));
      assertThat(rows(t)).isEqualTo(2);
    }
  }

  @Test
  void aPasswordIsNeverPrinted() {
    String wrong = "wr0ng-secret";
    assertThatThrownBy(() -> Tarn.open(catalog(wrong), DuckDbOptions.DEFAULT))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("password authentication failed")
        .hasMessageNotContaining(wrong);
    assertThat(catalog(wrong).toString()).doesNotContain(wrong);
  }
}
