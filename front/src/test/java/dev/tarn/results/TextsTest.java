package dev.tarn.results;

import static dev.tarn.Columns.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Sinks;
import dev.tarn.Tarn;
import dev.tarn.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts come back as they were, of whatever length, and however the engine holds them. */
class TextsTest {

  private static final String[] CHARACTERS = {"a", "Z", "0", " ", "é", "ß", "語", "🦆", "\0", "\n"};

  private static Tarn tarn;

  @BeforeAll
  static void open() {
    tarn = Tarn.open();
  }

  @AfterAll
  static void close() {
    tarn.close();
  }

  /** A row: its number, and a text. */
  record Numbered(int n, @Nullable String text) {}

  /** Up to 12 bytes stand in the engine's vector, more elsewhere; few are long. */
  private static @Nullable String text(Random random) {
    int length =
        switch (random.nextInt(10)) {
          case 0 -> 11 + random.nextInt(3);
          case 1 -> 4_094 + random.nextInt(4);
          case 2 -> random.nextInt(100) == 0 ? 300_000 : 40;
          default -> random.nextInt(20);
        };
    if (random.nextInt(10) == 0) {
      return null;
    }
    int kinds = random.nextBoolean() ? 1 : CHARACTERS.length;
    var text = new StringBuilder();
    while (text.length() < length) {
      text.append(CHARACTERS[random.nextInt(kinds)]);
    }
    return text.toString();
  }

  private static List<Numbered> rows(Random random, int count) {
    var rows = new ArrayList<Numbered>();
    for (int i = 0; i < count; i++) {
      rows.add(new Numbered(i, text(random)));
    }
    return rows;
  }

  private static void requireSame(Frame frame, List<Numbered> rows) {
    List<Row> read = frame.sort("n").collect().stream().toList();
    assertThat(read).hasSameSizeAs(rows);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(read.get(i).intValue("n")).isEqualTo(rows.get(i).n());
      assertThat(read.get(i).text("text")).isEqualTo(rows.get(i).text());
    }
  }

  @Test
  void randomTextsComeBackAsTheyWere(@TempDir Path folder) {
    Seeds.each(
        Seeds.rounds(10, 500),
        random -> {
          List<Numbered> rows = rows(random, 1 + random.nextInt(6_000));
          Frame frame = tarn.rows(Numbered.class, rows);
          requireSame(frame, rows);
          int third = random.nextInt(3);
          requireSame(
              frame.filter(col("n").modulo(3).eq(third)),
              rows.stream().filter(row -> row.n() % 3 == third).toList());
          String file = folder.resolve(random.nextLong() + ".parquet").toString();
          frame.write(Sinks.parquet(file));
          requireSame(tarn.parquet(file), rows);
        });
  }

  @Test
  void aTextThatIsTheSameInAllRowsIsInEach() {
    String lasting = "longer than what stands in a vector";
    Frame frame =
        tarn.sql("SELECT ? AS long, 'short' AS short, range AS n FROM range(5000)", lasting);
    assertThat(frame.collect().stream())
        .hasSize(5_000)
        .allMatch(row -> row.text("long").equals(lasting) && row.text("short").equals("short"));
  }

  @Test
  void fewDifferentTextsComeBackByRow(@TempDir Path folder) {
    String file = folder.resolve("few.parquet").toString();
    tarn.sql(
            "SELECT range AS n, CASE WHEN range % 5 = 0 THEN NULL ELSE 'the text of number ' || (range % 7) END AS text FROM range(100000)")
        .write(Sinks.parquet(file));
    tarn.parquet(file)
        .batches(3_000)
        .forEach(batch -> {
          for (int i = 0; i < batch.size(); i++) {
            long n = (Long) batch.value(i, 0);
            assertThat(batch.value(i, 1))
                .isEqualTo(n % 5 == 0 ? null : "the text of number " + n % 7);
          }
        });
  }
}
