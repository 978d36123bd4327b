package dev.tarn.lake;

import static dev.tarn.lake.Options.bucket;
import static dev.tarn.lake.Options.partitionedBy;
import static dev.tarn.lake.Options.rewriteAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Tarn;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lake whose catalog is a REST service. */
@Timeout(120)
class RestCatalogTest {

  @TempDir Path folder;
  private RestCatalogServer server;

  @BeforeEach
  void start() throws Exception {
    server = new RestCatalogServer(folder.resolve("served"));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private Tarn open(String token) {
    return Tarn.open(
        new LakeCatalog.Rest(server.url(), Map.of("token", token)), DuckDbOptions.DEFAULT);
  }

  @Test
  void datasetsAreMadeWrittenKeptInShapeAndDropped() {
    try (Tarn tarn = open(RestCatalogServer.TOKEN)) {
      Dataset t =
          tarn.create(
              "first",
              tarn.sql("SELECT i AS id FROM range(20) r(i)"),
              partitionedBy(bucket(2, "id")));
      t.append(tarn.sql("SELECT 20 AS id"));
      t.merge(tarn.sql("SELECT 20 AS id UNION ALL SELECT 21")).on("id").upsert();
      t.delete(Options.where("id < 5"));
      t.compact(rewriteAll());
      t.expireSnapshots(Duration.ZERO);
      t.vacuum(Duration.ZERO);
      assertThat(t.frame().collect().size()).isEqualTo(17);
      assertThat(t.verify().problems()).isEmpty();
      assertThatThrownBy(() -> tarn.create("first", tarn.sql("SELECT 1 AS id")))
          .isInstanceOf(InvalidRequest.class);
      tarn.lake().rename("first", "ns.second");
      assertThat(tarn.lake().datasets()).containsExactly("ns.second");
      assertThat(tarn.sql("SELECT count(*) FROM ns.second").collect().value()).isEqualTo(17L);
      tarn.lake().dropAndPurge("ns.second");
      assertThat(tarn.lake().datasets()).isEmpty();
    }
  }

  @Test
  void aTokenThatIsWrongIsSaidAndNotPrinted() {
    assertThatThrownBy(() -> open("wr0ng"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("no right token")
        .hasMessageNotContaining("wr0ng");
  }
}
