package dev.tarn.lake.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.expr.Expr;
import dev.tarn.spi.WrittenFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablePlannerTest {

  @TempDir Path folder;

  /** Iceberg's own plan is the oracle. UUIDs are left out: there it relies on their order. */
  @Test
  void findsTheFilesThatIcebergFinds() throws Exception {
    long seed = Long.getLong("tarn.seed", System.nanoTime());
    var random = new Random(seed);
    var rows = new RandomTable(random);
    Table table =
        new Tables(folder)
            .create(
                RandomTable.SCHEMA,
                PartitionSpec.builderFor(RandomTable.SCHEMA).identity("b").day("ts").build(),
                2);
    var planner = new TablePlanner();
    var filters = new PredicatesTest.Filters(random, rows);
    for (int round = 0; round < 6; round++) {
      append(table, rows, round);
      if (round == 2) {
        table.updateSpec().addField("i").removeField("b").commit();
      }
      if (round == 3) {
        table.updateSchema().renameColumn("l", "long").renameColumn("st.x", "z").commit();
      }
      for (int i = 0; i < 100; i++) {
        Expr filter = filters.filter(2);
        Expression expression =
            Renames.apply(
                Predicates.convert(List.of(filter), RandomTable.SCHEMA).expression(),
                RandomTable.SCHEMA,
                table.schema());
        TablePlanner.Planned planned = planner.plan(table, table.currentSnapshot(), expression);
        assertThat(planned.totalFiles()).isEqualTo(20 * (round + 1));
        assertThat(planned.files())
            .as("seed %d: %s", seed, filter)
            .extracting(file -> file.file().location())
            .containsAll(byIceberg(table, expression));
      }
    }
  }

  private static List<String> byIceberg(Table table, Expression expression) throws Exception {
    var files = new ArrayList<String>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().filter(expression).planFiles()) {
      tasks.forEach(task -> files.add(task.file().location()));
    }
    return files;
  }

  private static void append(Table table, RandomTable rows, int round) {
    AppendFiles append = table.newFastAppend();
    for (int i = 0; i < 20; i++) {
      Map<String, @Nullable Object> row = new HashMap<>(rows.row());
      row.put("l", rows.value(dev.tarn.type.DataType.BIGINT));
      var values = new ArrayList<@Nullable Object>();
      var named = new HashMap<>(row);
      named.put("long", row.get("l"));
      Partitions.expressions(table.spec()).forEach(e -> values.add(SqlRows.value(e, named)));
      append.appendFile(
          DataFileBuilder.dataFile(
              new WrittenFile(
                  table.location() + "/data/" + round + "-" + i + ".parquet",
                  1,
                  100,
                  values,
                  RandomTable.stats(List.of(row))),
              table.spec(),
              table.schema(),
              null));
    }
    append.commit();
  }
}
