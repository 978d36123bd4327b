package dev.tarn.lake.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.expr.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionsTest {

  private static final Schema SCHEMA = RandomTable.SCHEMA;

  private static PartitionSpec spec() {
    return PartitionSpec.builderFor(SCHEMA)
        .identity("b")
        .identity("d")
        .identity("u")
        .year("dt", "y1")
        .month("dt", "m1")
        .day("dt", "d1")
        .year("ts", "y2")
        .month("ts", "m2")
        .day("ts", "d2")
        .hour("ts", "h2")
        .year("tz", "y3")
        .hour("tz", "h3")
        .truncate("i", 7)
        .truncate("l", 1000)
        .truncate("dec", 50)
        .truncate("s", 2)
        .truncate("bin", 2)
        .truncate("st.x", 3)
        .alwaysNull("f")
        .build();
  }

  @Test
  void expressionsGiveWhatIcebergsTransformsGive() {
    long seed = Long.getLong("tarn.seed", System.nanoTime());
    var table = new RandomTable(new Random(seed));
    PartitionSpec spec = spec();
    List<Expr> expressions = Partitions.expressions(spec);
    for (int i = 0; i < 5_000; i++) {
      Map<String, @Nullable Object> row = table.row();
      if (isAtTheEdge(row)) {
        continue;
      }
      var values = new ArrayList<@Nullable Object>();
      expressions.forEach(expr -> values.add(SqlRows.value(expr, row)));
      PartitionData expected = PredicatesTest.partition(spec, row);
      PartitionData data = Partitions.data(spec, values);
      assertThat(data).as("seed %d: %s", seed, row).isEqualTo(expected);
    }
  }

  /** Below the least number Iceberg wraps around, and the engine fails. */
  private static boolean isAtTheEdge(Map<String, @Nullable Object> row) {
    return Integer.valueOf(Integer.MIN_VALUE).equals(row.get("i"))
        || Long.valueOf(Long.MIN_VALUE).equals(row.get("l"))
        || (row.get("st") instanceof Map<?, ?> struct
            && Integer.valueOf(Integer.MIN_VALUE).equals(struct.get("x")));
  }

  @Test
  void bucketsAreTheEnginesFunction() {
    PartitionSpec spec = PartitionSpec.builderFor(SCHEMA).bucket("st.y", 16).build();
    assertThat(Partitions.expressions(spec))
        .containsExactly(
            new Expr.Call(
                "iceberg_bucket",
                List.of(new Expr.Literal(16), new Expr.Member(new Expr.Column("st"), "y"))));
  }
}
