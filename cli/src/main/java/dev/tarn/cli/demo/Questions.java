package dev.tarn.cli.demo;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.countDistinct;
import static dev.tarn.Columns.desc;
import static dev.tarn.Columns.lag;
import static dev.tarn.Columns.median;
import static dev.tarn.Columns.orderBy;
import static dev.tarn.Columns.partitionBy;
import static dev.tarn.Columns.sum;
import static dev.tarn.Columns.when;
import static dev.tarn.type.DataType.DATE;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.expr.Expr;

/**
 * Five questions a shop would ask of its sales, and the frames that answer them. A frame is lazy: a
 * method here says what to compute, and nothing is read before somebody asks for the rows.
 *
 * <p>The demo prints each question and its code from this very file, so that what is shown is what
 * runs.
 */
final class Questions {

  private final Tarn tarn;
  private final Frame sales;
  private final Frame customers;

  /** Opens the files as they stand and gives them names, which SQL can use. */
  Questions(Tarn tarn, String folder) {
    this.tarn = tarn;
    this.sales = tarn.parquet(folder + "/sales/**/*.parquet");
    this.customers = tarn.csv(folder + "/customers.csv");
    tarn.register("sales", sales).register("customers", customers);
  }

  /** Which categories earned most in 2025, and what does a typical order cost? */
  Frame bestCategories() {
    return sales
        .filter(col("year").eq(2025))
        .groupBy("category")
        .agg(
            count().as("orders"), sum("amount").as("revenue"), median("amount").as("typical_order"))
        .sort(desc("revenue"));
  }

  /** Is each quarter better than the one before? */
  Frame growth() {
    Expr before = lag("revenue", 1).over(orderBy("quarter"));
    Expr change = col("revenue").minus(before).dividedBy(before).times(100);
    return sales
        .groupBy(col("order_date").truncatedTo("quarter").cast(DATE).as("quarter"))
        .agg(sum("amount").as("revenue"))
        .withColumns(change.round(1).as("change_percent"))
        .sort("quarter");
  }

  /** In which countries do business customers spend most, and how much each? */
  Frame businessByCountry() {
    return sales
        .join(customers.filter(col("segment").eq("business")), "customer_id")
        .groupBy("country")
        .agg(countDistinct("customer_id").as("customers"), sum("amount").as("revenue"))
        .withColumns(col("revenue").dividedBy(col("customers")).round(2).as("per_customer"))
        .sort(desc("revenue"))
        .limit(5);
  }

  /** Who were the best customers in one country last December? */
  Frame bestCustomers() {
    return tarn.sql(
        """
        SELECT c.name, c.segment, count(*) AS orders, sum(s.amount) AS spent
        FROM sales s JOIN customers c USING (customer_id)
        WHERE c.country = ? AND s.year = 2025 AND s.month = 12
        GROUP BY ALL
        ORDER BY spent DESC
        LIMIT 5
        """,
        "Norway");
  }

  /** How soon do customers come back? */
  Frame comingBack() {
    Expr before = lag("order_date", 1).over(partitionBy("customer_id").orderBy("order_date"));
    Expr days = col("before").until(col("order_date"), "day");
    return sales
        .select("order_date", before.as("before"))
        .groupBy(
            when(col("before").isNull())
                .then("1  first order")
                .when(days.le(30))
                .then("2  within a month")
                .when(days.le(180))
                .then("3  within half a year")
                .otherwise("4  later")
                .as("came_back"))
        .agg(count().as("orders"))
        .sort("came_back");
  }
}
