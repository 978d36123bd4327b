package dev.tarn.files;

import static dev.tarn.Columns.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Sinks;
import dev.tarn.Tarn;
import dev.tarn.plan.JoinKind;
import dev.tarn.testkit.SharedData;
import dev.tarn.type.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files: flights, airports, zip codes, bird strikes, share prices. */
class SharedDataTest {

  private static Tarn tarn;
  private static Connection plain;

  @TempDir Path folder;

  @BeforeAll
  static void open() throws SQLException {
    tarn = Tarn.open();
    plain = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterAll
  static void close() throws SQLException {
    tarn.close();
    plain.close();
  }

  private static String shared(String name) {
    return SharedData.path(name).toString();
  }

  /** The one number that DuckDB by itself answers. */
  @SuppressWarnings("AnnotateFormatMethod") // Error Prone's annotations are not on the class path
  private static long plain(String sql, Object... arguments) throws SQLException {
    try (Statement statement = plain.createStatement();
        ResultSet result = statement.executeQuery(sql.formatted(arguments))) {
      result.next();
      return result.getLong(1);
    }
  }

  @Test
  void flightsJoinTheirAirports() throws SQLException {
    String flightsFile = shared("flights-20k.json");
    String airportsFile = shared("airports.csv");
    Frame flights = tarn.json(flightsFile);
    Frame airports = tarn.csv(airportsFile);
    Frame joined = flights.join(JoinKind.INNER, airports, left("origin").eq(right("iata")));
    assertThat(flights.collect().size()).isEqualTo(20_000);
    assertThat(airports.collect().size()).isEqualTo(3_376);
    long expected =
        plain(
            "SELECT count(*) FROM read_json('%s') f JOIN read_csv('%s', all_varchar = true) a"
                + " ON f.origin = a.iata",
            flightsFile, airportsFile);
    assertThat(expected).isPositive();
    assertThat(joined.agg(count()).collect().value()).isEqualTo(expected);
    assertThat(
            joined
                .filter(col("state").eq("TX"))
                .agg(sum("distance").as("distance"))
                .collect()
                .row(0)
                .longValue("distance"))
        .isEqualTo(
            plain(
                "SELECT sum(distance)::BIGINT FROM read_json('%s') f JOIN read_csv('%s',"
                    + " all_varchar = true) a ON f.origin = a.iata WHERE a.state = 'TX'",
                flightsFile, airportsFile));
    assertThat(
            tarn.sql(
                    "SELECT count(*) FROM '%s' f JOIN '%s' a ON f.origin = a.iata"
                        .formatted(flightsFile, airportsFile))
                .collect()
                .value())
        .isEqualTo(expected);
  }

  /** DuckDB lets a file be called by the name it has without folder and suffix. */
  @Test
  void filesInSqlAreCalledByTheirBareName() {
    assertThat(
            tarn.sql(
                    "SELECT airports.city FROM '%s' WHERE airports.iata = 'JFK'"
                        .formatted(shared("airports.csv")))
                .collect()
                .value())
        .isEqualTo("New York");
  }

  @Test
  void anArrowFileHasAllItsRows() {
    Frame flights = tarn.arrow(shared("flights-200k.arrow"));
    assertThat(flights.columns()).containsExactlyInAnyOrder("delay", "distance", "time");
    Row row =
        flights
            .agg(
                count().as("n"),
                sum("delay").as("delay"),
                sum("distance").as("distance"),
                min("time").as("first"),
                max("time").as("last"))
            .collect()
            .row(0);
    assertThat(row.longValue("n")).isEqualTo(200_000);
    var rows = flights.collect();
    assertThat(rows.size()).isEqualTo(200_000);
    long delay = 0;
    long distance = 0;
    double first = Double.MAX_VALUE;
    for (Row each : rows) {
      delay += each.longValue("delay");
      distance += each.longValue("distance");
      first = Math.min(first, each.doubleValue("time"));
    }
    assertThat(row.longValue("delay")).isEqualTo(delay);
    assertThat(row.longValue("distance")).isEqualTo(distance);
    assertThat(row.doubleValue("first")).isEqualTo(first);
    assertThat(first).isBetween(0.0, 24.0);
    assertThat(row.doubleValue("last")).isBetween(0.0, 24.0);
    assertThat(distance / 200_000).isBetween(500L, 1000L);
    assertThat(
            tarn.sql("SELECT count(*) FROM '" + shared("flights-200k.arrow") + "'")
                .collect()
                .value())
        .isEqualTo(200_000L);
  }

  @Test
  void awkwardColumnNamesAreSelectedFilteredAndWrittenBack() throws SQLException {
    String file = shared("birdstrikes.csv");
    Frame strikes = tarn.csv(file);
    assertThat(strikes.columns()).contains("Cost Total $", "Airport Name", "Aircraft Make Model");
    assertThat(strikes.collect().size())
        .isEqualTo((int) plain("SELECT count(*) FROM read_csv('%s', all_varchar = true)", file));
    Frame costly =
        strikes
            .filter(col("Cost Total $").gt(100_000))
            .select("Cost Total $", "Airport Name", "Aircraft Make Model");
    long expected =
        plain(
            "SELECT count(*) FROM read_csv('%s', all_varchar = true)"
                + " WHERE TRY_CAST(\"Cost Total $\" AS BIGINT) > 100000",
            file);
    assertThat(expected).isPositive();
    assertThat(costly.collect().size()).isEqualTo((int) expected);
    assertThat(strikes.filter("\"Cost Total $\" > 100000").collect().size())
        .isEqualTo((int) expected);
    String csv = folder.resolve("costly.csv").toString();
    String parquet = folder.resolve("costly.parquet").toString();
    costly.write(Sinks.csv(csv));
    costly.write(Sinks.parquet(parquet));
    assertThat(tarn.csv(csv).columns()).isEqualTo(costly.columns());
    assertThat(tarn.csv(csv).collect()).containsExactlyElementsOf(costly.collect());
    assertThat(tarn.parquet(parquet).collect()).containsExactlyElementsOf(costly.collect());
    String all = folder.resolve("all.csv").toString();
    strikes.write(Sinks.csv(all));
    assertThat(tarn.csv(all).collect()).containsExactlyElementsOf(strikes.collect());
  }

  @Test
  void zipCodesKeepTheirZeros() throws SQLException {
    String file = shared("zipcodes.csv");
    for (Frame codes : List.of(tarn.csv(file), tarn.sql("FROM '" + file + "'"))) {
      assertThat(codes.schema().fields().get(0).type()).isEqualTo(DataType.VARCHAR);
      assertThat(codes.filter(col("zip_code").eq("00501")).select("city").collect().value())
          .isEqualTo("Holtsville");
      assertThat((long) codes.collect().size())
          .isEqualTo(plain("SELECT count(*) FROM read_csv('%s', all_varchar = true)", file));
      assertThat(codes.filter(col("zip_code").length().ne(5)).collect().size()).isZero();
    }
  }

  /** The first rows say integer; what comes after 30,000 of them says something else. */
  @Test
  void lateValuesDecideTheType() throws IOException {
    record Case(String late, DataType type, Object value) {}
    for (Case one :
        List.of(
            new Case("00501", DataType.VARCHAR, "00501"),
            new Case("-07", DataType.VARCHAR, "-07"),
            new Case("2.5", DataType.DOUBLE, 2.5),
            new Case("n/a", DataType.VARCHAR, "n/a"),
            new Case("99999999999999999999", DataType.DOUBLE, 1e20),
            new Case("9223372036854775807", DataType.BIGINT, Long.MAX_VALUE),
            new Case("", DataType.BIGINT, null))) {
      var text = new StringBuilder("code,x\n");
      for (int i = 0; i < 30_000; i++) {
        text.append(10_000 + i).append(",x\n");
      }
      Path file =
          Files.writeString(folder.resolve("late.csv"), text + one.late() + ",last\n11111,x\n");
      Frame frame = tarn.csv(file.toString());
      assertThat(frame.schema().fields().get(0).type()).as(one.late()).isEqualTo(one.type());
      var rows = frame.collect();
      assertThat(rows.size()).isEqualTo(30_002);
      assertThat(rows.row(30_000).value("code")).as(one.late()).isEqualTo(one.value());
      assertThat(rows.row(0).text("code")).startsWith("10000");
    }
  }

  @Test
  void sharePricesHaveAMovingAverage() {
    Frame prices = tarn.csv(shared("sp500-2000.csv"));
    assertThat(prices.schema().fields().get(0).type()).isEqualTo(DataType.DATE);
    Frame averages =
        prices
            .withColumns(
                mean("close")
                    .over(orderBy("date").rowsBetween(preceding(19), currentRow()))
                    .as("average"))
            .sort("date");
    var rows = averages.collect();
    assertThat(rows.row(0).date("date")).isEqualTo(LocalDate.of(2000, 1, 3));
    for (int at : new int[] {0, 5, 19, 20, 1000, rows.size() - 1}) {
      double sum = 0;
      int from = Math.max(0, at - 19);
      for (int i = from; i <= at; i++) {
        sum += rows.row(i).doubleValue("close");
      }
      assertThat(rows.row(at).doubleValue("average"))
          .isCloseTo(sum / (at - from + 1), org.assertj.core.data.Offset.offset(1e-6));
    }
  }
}
