package dev.tarn.lake;

import static dev.tarn.lake.Options.cursor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.error.BadData;
import dev.tarn.error.CommitConflict;
import dev.tarn.error.InvalidRequest;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.iceberg.ExpireSnapshots;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cursor says what the rows of its branch and version say, whatever has expired. */
class CursorsTest {

  private static final Optional<String> NOWHERE = Optional.empty();

  @TempDir private Path folder;

  private Tarn tarn;
  private Dataset dataset;
  private Frame row;

  @BeforeEach
  void open() {
    tarn = Tarn.open(folder);
    dataset = tarn.create("events", Schema.of("n", DataType.BIGINT));
    row = tarn.sql("SELECT 1::BIGINT AS n");
  }

  @AfterEach
  void close() {
    tarn.close();
  }

  @Test
  void whatWasRolledBackDoesNotComeBack() {
    long before = dataset.append(row).snapshot();
    dataset.append(row, cursor("s", NOWHERE, "5"));
    dataset.rollbackTo(before);
    dataset.append(row);
    dataset.expireSnapshots(Duration.ZERO);
    assertThat(dataset.cursor("s")).isEmpty();
    dataset.append(row, cursor("s", NOWHERE, "6"));
    assertThat(dataset.cursor("s")).contains("6");
  }

  @Test
  void eachBranchKeepsItsOwn() {
    dataset.append(row, cursor("s", NOWHERE, "1"));
    dataset.createBranch("dev");
    Dataset dev = dataset.onBranch("dev");
    dev.append(row, cursor("s", Optional.of("1"), "2"));
    dev.append(row);
    dataset.append(row);
    dataset.expireSnapshots(Duration.ZERO);
    assertThat(dataset.cursor("s")).contains("1");
    assertThat(dev.cursor("s")).contains("2");
    dataset.expireSnapshots(Duration.ZERO);
    dev.append(row, cursor("s", Optional.of("2"), "3"));
    assertThat(dev.cursor("s")).contains("3");
    assertThat(dataset.cursor("s")).contains("1");
  }

  @Test
  void whoReadNothingIsLateAlsoWhenVersionsHaveExpired() {
    dataset.append(row, cursor("s", NOWHERE, "100"));
    dataset.append(row);
    dataset.expireSnapshots(Duration.ZERO);
    assertThatThrownBy(() -> dataset.append(row, cursor("s", NOWHERE, "101")))
        .isInstanceOf(CommitConflict.class);
    dataset.append(row, cursor("s", Optional.of("100"), "101"));
    dataset.append(row, cursor("t", NOWHERE, "7"));
    dataset.append(row);
    dataset.expireSnapshots(Duration.ZERO);
    assertThat(dataset.cursor("s")).contains("101");
    assertThat(dataset.cursor("t")).contains("7");
    assertThat(dataset.frame().collect().size()).isEqualTo(5);
  }

  @Test
  void onesThatOthersHaveExpiredAreMissed() {
    dataset.append(row, cursor("s", NOWHERE, "100"));
    dataset.append(row);
    dataset
        .table()
        .expireSnapshots()
        .expireOlderThan(Long.MAX_VALUE)
        .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE)
        .commit();
    assertThatThrownBy(() -> dataset.cursor("s"))
        .isInstanceOf(BadData.class)
        .hasMessageContaining("Append once with cursor(…) from nothing");
    assertThat(dataset.cursor("other")).isEmpty();
  }

  @Test
  void thereIsOneInAnAppend() {
    assertThatThrownBy(
            () -> dataset.append(row, cursor("a", NOWHERE, "1"), cursor("b", NOWHERE, "1")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("with 2 cursors");
  }
}
