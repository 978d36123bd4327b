package dev.tarn.cli.demo;

import static dev.tarn.Sinks.csv;
import static dev.tarn.Sinks.parquet;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.spi.WriteResult;
import java.nio.file.Path;
import java.util.Map;

/**
 * The sales of a shop that never was: the same at every run, as each value is a hash of its row's
 * number. Business grows, toys sell before Christmas, and a few customers buy a lot.
 */
final class SampleData {

  private static final String SALES =
      """
      WITH chances AS (
        SELECT
          i,
          hash(8 * i + 1) / 18446744073709551616e0 AS day_chance,
          hash(8 * i + 2) / 18446744073709551616e0 AS customer_chance,
          hash(8 * i + 3) / 18446744073709551616e0 AS category_chance,
          hash(8 * i + 4) / 18446744073709551616e0 AS price_chance
        FROM range($rows) AS numbers(i)
      ), orders AS (
        SELECT
          i + 1 AS order_id,
          DATE '2023-01-01' + CAST(floor(1096 * day_chance ** 0.8) AS INTEGER) AS order_date,
          1 + CAST(floor($customers * customer_chance ** 2) AS INTEGER) AS customer_id,
          CASE
            WHEN month(order_date) >= 11 AND category_chance < 0.25 THEN 'toys'
            ELSE ['books', 'garden', 'kitchen', 'music', 'sports', 'toys'][1 + CAST(hash(8 * i + 5) % 6 AS INTEGER)]
          END AS category,
          ['web', 'app', 'shop'][1 + CAST(hash(8 * i + 6) % 3 AS INTEGER)] AS channel,
          1 + CAST(hash(8 * i + 7) % 4 AS INTEGER) AS quantity,
          price_chance
        FROM chances
      )
      SELECT
        order_id, order_date, customer_id, category, channel, quantity,
        CAST(
          quantity * (0.5 + price_chance + 4 * price_chance ** 30)
            * MAP {'books': 14, 'garden': 31, 'kitchen': 42, 'music': 19, 'sports': 38, 'toys': 23}[category]
          AS DECIMAL(10,2)) AS amount,
        year(order_date) AS year,
        month(order_date) AS month
      FROM orders\
      """;

  private static final String CUSTOMERS =
      """
      SELECT
        i AS customer_id,
        ['Ada', 'Amir', 'Bea', 'Chen', 'Dora', 'Emil', 'Fatou', 'Hugo', 'Ines', 'Jan', 'Kaia', 'Liv',
          'Mina', 'Noor', 'Olav', 'Priya', 'Rosa', 'Sven', 'Tara', 'Yuki'][1 + CAST(hash(8 * i + 1) % 20 AS INTEGER)]
          || ' ' ||
        ['Berg', 'Costa', 'Dahl', 'Evans', 'Fischer', 'Garcia', 'Haugen', 'Ito', 'Jensen', 'Khan',
          'Larsen', 'Moreau', 'Novak', 'Okafor', 'Patel', 'Rossi', 'Silva', 'Tanaka', 'Weber', 'Zhou']
          [1 + CAST(hash(8 * i + 2) % 20 AS INTEGER)] AS name,
        ['consumer', 'consumer', 'consumer', 'business', 'school'][1 + CAST(hash(8 * i + 3) % 5 AS INTEGER)] AS segment,
        ['Brazil', 'Denmark', 'France', 'Germany', 'India', 'Italy', 'Japan', 'Kenya', 'Norway',
          'Spain'][1 + CAST(hash(8 * i + 4) % 10 AS INTEGER)] AS country,
        DATE '2015-01-01' + CAST(hash(8 * i + 5) % 2900 AS INTEGER) AS customer_since
      FROM range(1, $customers + 1) AS numbers(i)\
      """;

  private SampleData() {}

  /** Writes {@code sales}, Parquet files in folders by year and month: 36 of them. */
  static WriteResult writeSales(Tarn tarn, Path folder, long rows) {
    Frame sales = tarn.sql(SALES, Map.of("rows", rows, "customers", customers(rows)));
    return sales.write(
        parquet(folder.resolve("sales").toString()).partitionedBy("year", "month").replace());
  }

  /** Writes {@code customers.csv}: one for 20 sales. */
  static WriteResult writeCustomers(Tarn tarn, Path folder, long rows) {
    Frame customers = tarn.sql(CUSTOMERS, Map.of("customers", customers(rows)));
    return customers.write(csv(folder.resolve("customers.csv").toString()).replace());
  }

  private static long customers(long rows) {
    return Math.max(1, rows / 20);
  }
}
