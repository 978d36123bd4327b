package dev.tarn.sql;

import static dev.tarn.Columns.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.io.BatchSource;
import dev.tarn.plan.JoinKind;
import dev.tarn.plan.Plan;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanSqlTest {

  private static final Plan SALES =
      new Plan.Scan(
          new BatchSource(
              "sales",
              Schema.of("id", DataType.BIGINT, "region", DataType.VARCHAR, "day", DataType.DATE),
              List.of()));

  private static String render(Plan plan) {
    return new PlanSql(DuckDbDialect.DUCKDB, source -> source.name()).render(plan);
  }

  @Test
  void neighboursShareOneSelect() {
    Plan filtered =
        new Plan.Filter(SALES, col("day").ge(LocalDate.of(2024, 1, 1)).and(col("id").gt(5)));
    Plan grouped =
        new Plan.GroupBy(filtered, List.of(col("region").as("region")), List.of(count().as("n")));
    assertThat(render(new Plan.Limit(new Plan.Sort(grouped, SortKey.all(desc("n"))), 3, 0)))
        .isEqualTo(
            "SELECT \"region\", count(*) AS \"n\" FROM sales"
                + " WHERE (\"day\" >= DATE '2024-01-01') AND (\"id\" > 5)"
                + " GROUP BY 1 ORDER BY \"n\" DESC NULLS LAST LIMIT 3");
  }

  @Test
  void whatSqlWouldTakeInAnotherOrderIsNested() {
    Plan limited = new Plan.Limit(SALES, 3, 1);
    assertThat(render(new Plan.Filter(limited, col("id").eq(1))))
        .isEqualTo("SELECT * FROM (SELECT * FROM sales LIMIT 3 OFFSET 1) WHERE \"id\" = 1");
    Plan named = new Plan.Project(SALES, List.of(col("id").plus(1).as("region")));
    assertThat(render(new Plan.Filter(named, col("region").eq(1))))
        .isEqualTo(
            "SELECT * FROM (SELECT \"id\" + 1 AS \"region\" FROM sales) WHERE \"region\" = 1");
  }

  @Test
  void joinsNameEachSide() {
    assertThat(render(new Plan.Join(SALES, SALES, JoinKind.FULL, List.of("id"), null)))
        .isEqualTo(
            "SELECT coalesce(\"l\".\"id\", \"r\".\"id\") AS \"id\", \"l\".\"region\", \"l\".\"day\","
                + " \"r\".\"region\" AS \"region_right\", \"r\".\"day\" AS \"day_right\""
                + " FROM sales AS \"l\" FULL JOIN sales AS \"r\" ON \"l\".\"id\" = \"r\".\"id\"");
  }

  @Test
  void sqlTextKeepsItsLinesAndSeesItsTables() {
    assertThat(render(new Plan.SqlQuery("SELECT 1 -- one", Map.of("t", SALES), List.of("1"))))
        .isEqualTo(
            "SELECT * FROM (WITH \"t\" AS NOT MATERIALIZED (SELECT * FROM sales)"
                + " SELECT * FROM (\nSELECT 1 -- one\n))");
  }

  @Test
  void valuesAndNamesCannotEndTheirQuotes() {
    Expr hostile = col("a\"; DROP TABLE x; --").eq("'; DROP TABLE x; --");
    assertThat(new ExprSql(DuckDbDialect.DUCKDB).text(hostile))
        .isEqualTo("\"a\"\"; DROP TABLE x; --\" = '''; DROP TABLE x; --'");
  }

  @Test
  void precedenceIsWrittenOut() {
    var sql = new ExprSql(DuckDbDialect.DUCKDB);
    assertThat(sql.text(col("a").plus(1).times(col("b").minus(-2))))
        .isEqualTo("(\"a\" + 1) * (\"b\" - (-2))");
    assertThat(sql.text(col("a").isNotNull().or(sql("x OR y"))))
        .isEqualTo("(\"a\" IS NOT NULL) OR (x OR y)");
  }

  @Test
  void unnamedColumnsAreNamedByTheirText() {
    assertThat(ExprSql.nameOf(sum("amount"))).isEqualTo("sum(amount)");
    assertThat(ExprSql.nameOf(col("a").plus(1))).isEqualTo("a + 1");
    assertThat(ExprSql.nameOf(sql(" a + 1 "))).isEqualTo("a + 1");
  }
}
