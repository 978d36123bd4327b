package dev.tarn.benchmarks;

import java.sql.DriverManager;
import java.sql.SQLException;

/** The least that a Java program needs to run a query on DuckDB. */
final class MinimalStart {

  private MinimalStart() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select 1")) {
      rows.next();
      System.out.println(rows.getInt(1));
    }
  }
}
