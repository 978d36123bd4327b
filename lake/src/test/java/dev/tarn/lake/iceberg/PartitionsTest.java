package dev.tarn.lake.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.expr.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Comparators;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionsTest {

  private static final Schema SCHEMA = RandomTable.SCHEMA;

  @Test
  void expressionsGiveWhatIcebergsTransformsGive() {
    long seed = Long.getLong("tarn.seed", System.nanoTime());
    var table = new RandomTable(new Random(seed));
    for (int i = 0; i < 2_000; i++) {
      Map<String, @Nullable Object> row = table.row();
      for (PartitionSpec spec : PredicatesTest.SPECS) {
        if (!isAtTheEdge(row) && !spec.fields().getFirst().name().endsWith("_bucket")) {
          var values = new ArrayList<@Nullable Object>();
          Partitions.expressions(spec).forEach(expr -> values.add(SqlRows.value(expr, row)));
          assertThat(Partitions.data(spec, values))
              .as("seed %d: %s by %s", seed, row, spec)
              .usingComparator(Comparators.forType(spec.partitionType()))
              .isEqualTo(PredicatesTest.partition(spec, row));
        }
      }
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
  void droppedFieldsAreNull() {
    PartitionSpec spec = PartitionSpec.builderFor(SCHEMA).alwaysNull("f").build();
    assertThat(Partitions.expressions(spec)).containsExactly(new Expr.Literal(null));
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
