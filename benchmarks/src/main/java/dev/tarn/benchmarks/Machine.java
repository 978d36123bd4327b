package dev.tarn.benchmarks;

import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What the benchmarks ran on: no names of machines and no paths. */
record Machine(String date, String jdk, String system, int cores, String duckdb, double load) {

  static Machine now() throws SQLException {
    try (Plain plain = Plain.open()) {
      return new Machine(
          LocalDate.now(ZoneOffset.UTC).toString(),
          Runtime.version().toString(),
          System.getProperty("os.name") + " " + System.getProperty("os.arch"),
          Runtime.getRuntime().availableProcessors(),
          plain.connection().getMetaData().getDatabaseProductVersion(),
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
  }

  @Override
  public String toString() {
    return "%s; JDK %s; DuckDB %s; %s, %d cores; load at the start %.1f"
        .formatted(date, jdk, duckdb, system, cores, load);
  }
}
