package dev.tarn.plan;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.desc;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.io.BatchSource;
import dev.tarn.spi.Source;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTest {

  private static final Schema SCHEMA = Schema.of("a", DataType.BIGINT);

  private static Source source(String name) {
    return new BatchSource(name, SCHEMA, List.of());
  }

  /** Every kind of plan, one over the other, over sources of a name. */
  private static Plan plan(Source source) {
    Plan scan = new Plan.Scan(source);
    var a = col("a").as("a");
    Plan filtered = new Plan.Filter(scan, col("a").gt(1));
    Plan grouped = new Plan.GroupBy(new Plan.Project(filtered, List.of(a)), List.of(a), List.of());
    Plan joined =
        new Plan.Join(grouped, new Plan.Distinct(scan), JoinKind.INNER, List.of("a"), null);
    Plan some = new Plan.Sample(joined, new Plan.SampleSize.Rows(3), 1L);
    Plan sorted = new Plan.Limit(new Plan.Sort(some, List.of(desc("a"))), 5, 1);
    Plan first = new Plan.DistinctOn(sorted, List.of(col("a")), List.of());
    Plan all = new Plan.Union(List.of(new Plan.Unnest(first, "a"), new Plan.Describe(scan)));
    Plan unpivoted = new Plan.Unpivot(all, List.of("a"), "name", "value");
    return new Plan.SqlQuery("FROM x", Map.of("x", unpivoted), List.of("name", "value"));
  }

  @Test
  void sourcesAreChangedAndNothingElse() {
    Source one = source("one");
    Source other = source("other");
    var seen = new ArrayList<Source>();
    Plan changed =
        plan(one)
            .withSources(source -> {
              seen.add(source);
              return other;
            });
    assertThat(changed).isEqualTo(plan(other));
    assertThat(seen).containsExactly(one, one, one);
  }
}
