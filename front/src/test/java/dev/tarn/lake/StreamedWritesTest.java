package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.duckdb.ArrowFrames;
import dev.tarn.error.InvalidRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Test;

/** Rows that come from elsewhere: records, streams of records, Arrow readers, files. */
class StreamedWritesTest extends LakeTest {

  /** A row. */
  record Sale(long id, String name) {}

  private static Stream<Sale> sales(long from, long to) {
    return LongStream.range(from, to).mapToObj(i -> new Sale(i, "sale " + i));
  }

  @Test
  void recordsStreamsAndArrowReadersAreAppended() throws Exception {
    Dataset t = tarn.create("t", tarn.rows(Sale.class, List.of(new Sale(0, "sale 0"))));
    var closed = new AtomicBoolean();
    Frame streamed = tarn.rows(Sale.class, sales(1, 10_000).onClose(() -> closed.set(true)));
    assertThat(t.append(streamed).rowsAdded()).isEqualTo(9_999);
    assertThat(closed).isTrue();
    try (var allocator = new RootAllocator();
        ArrowReader reader =
            ArrowFrames.reader(
                tarn.sql(
                        "SELECT i AS id, 'sale ' || i AS name, [i] AS more FROM range(10000, 30000) r(i)")
                    .drop("more"),
                allocator,
                5_000)) {
      assertThat(t.append(ArrowFrames.frame(tarn.engine(), reader)).rowsAdded()).isEqualTo(20_000);
    }
    tarn.rows(Sale.class, List.copyOf(sales(30_000, 30_010).toList()))
        .write(dev.tarn.Sinks.csv(folder.resolve("more.csv").toString()));
    t.append(tarn.csv(folder.resolve("more.csv").toString()));
    assertThat(
            tarn.sql(
                    "SELECT count(*) || ' ' || count(DISTINCT id) FROM t WHERE name = 'sale ' || id")
                .collect()
                .value())
        .isEqualTo("30010 30010");
  }

  @Test
  void aStreamIsMergedAndReadOnce() {
    Dataset t = tarn.create("t", tarn.rows(Sale.class, sales(0, 100)));
    Frame changes = tarn.rows(Sale.class, sales(50, 150));
    MergeResult merged = t.merge(changes).on("id").upsert();
    assertThat(merged.inserted()).isEqualTo(50);
    assertThat(merged.unchanged()).isEqualTo(50);
    assertThatThrownBy(() -> t.append(changes))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("a stream is read once");
    assertThat(t.frame().collect().size()).isEqualTo(150);
  }
}
