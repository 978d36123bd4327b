package dev.tarn.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.error.InvalidRequest;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Parameters;
import dev.tarn.spi.Tables;
import dev.tarn.spi.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables at a version, and tables of a namespace, in SQL text. */
class AtClauseTest {

  private static Tarn tarn;
  private final List<String> asked = new ArrayList<>();

  @BeforeAll
  static void open() {
    tarn = Tarn.open();
  }

  @AfterAll
  static void close() {
    tarn.close();
  }

  @BeforeEach
  void forget() {
    asked.clear();
  }

  /** A table has one row: its name, and what version it is of. */
  private final Tables tables =
      new Tables() {
        @Override
        public Optional<Plan> table(String name) {
          asked.add(name);
          return name.startsWith("sales") || name.startsWith("eu.")
              ? of(name, "now")
              : Optional.empty();
        }

        @Override
        public Optional<Plan> table(String name, Version version) {
          asked.add(name + " " + version);
          return of(
              name,
              switch (version) {
                case Version.Number v -> "n" + v.number();
                case Version.Name v -> "name " + v.name();
                case Version.Time v -> v.time().toString();
              });
        }

        private Optional<Plan> of(String name, String version) {
          return Optional.of(tarn.sql("SELECT ? AS t, ? AS v, 1 AS i", name, version).plan());
        }
      };

  private List<Object> versions(String sql, Object... parameters) {
    return rows(sql, Parameters.of(parameters)).collect().column("v");
  }

  private Frame rows(String sql, Parameters parameters) {
    return Frame.of(tarn.engine().sql(sql, parameters, tables), tarn.engine());
  }

  @Test
  void versionsAreNumbersNamesAndTimes() {
    assertThat(versions("FROM sales AT (VERSION => 123)")).containsExactly("n123");
    assertThat(versions("FROM sales at(version=>'a tag)')")).containsExactly("name a tag)");
    assertThat(versions("FROM sales AT (TIMESTAMP => '2024-01-01')"))
        .containsExactly("2024-01-01T00:00:00Z");
    assertThat(versions("FROM sales AT (TIMESTAMP => TIMESTAMPTZ '2024-01-01 01:00:00+01')"))
        .containsExactly("2024-01-01T00:00:00Z");
    assertThat(versions("FROM sales AT (TIMESTAMP => DATE '2024-01-02' - INTERVAL 1 DAY)"))
        .containsExactly("2024-01-01T00:00:00Z");
    assertThat(asked).noneMatch("sales"::equals);
  }

  @Test
  void versionsCanBeParameters() {
    assertThat(versions("FROM sales AT (VERSION => ?) WHERE i = ?", 7L, 1)).containsExactly("n7");
    assertThat(versions("FROM sales AT (VERSION => ?)", "tag")).containsExactly("name tag");
    assertThat(
            rows(
                    "FROM sales AT (TIMESTAMP => $at) WHERE i = $i",
                    Parameters.of(Map.of("at", java.time.LocalDate.of(2024, 1, 1), "i", 1)))
                .collect()
                .column("v"))
        .containsExactly("2024-01-01T00:00:00Z");
  }

  @Test
  void oneTableCanBeReadAtSeveralVersions() {
    assertThat(
            versions(
                "SELECT v FROM sales UNION ALL SELECT v FROM sales AT (VERSION => 1) UNION ALL"
                    + " SELECT b.v FROM sales b AT (VERSION => 2) JOIN sales AT (VERSION => '1') USING (i)"
                    + " WHERE sales.v = 'name 1' UNION ALL SELECT v FROM sales AT (VERSION => 1)"))
        .containsExactlyInAnyOrder("now", "n1", "n2", "n1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT sales.v FROM sales AT (VERSION => 5) WHERE sales.i = 1",
        "SELECT x.v FROM sales AS x AT (VERSION => 5) WHERE x.i = 1",
        "SELECT \"at\".v FROM sales AS \"at\" AT (VERSION => 5)",
        "SELECT b AS v FROM sales AS x(a, b, c) AT (VERSION => 5)",
        "SELECT 'é AT (' AS e, v FROM /* AT ( */ \"sales\" -- AT (\n AT /* 1 */ (VERSION /*2*/ => 5 /* ) */ )",
        "WITH c AS (FROM sales AT (VERSION => 5)) FROM c",
        "SELECT (SELECT v FROM sales AT (VERSION => 5)) AS v",
        "FROM sales AT (VERSION => 5) TABLESAMPLE 100%",
        "SELECT v, 'sales@5' AS s FROM sales AT (VERSION => 5);",
      })
  void theClauseMayStandAnywhere(String sql) {
    assertThat(versions(sql)).containsExactly("n5");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 8_999_999_999_999_999_999L, 9_000_000_000_000_000_000L, Long.MAX_VALUE})
  void aVersionIsAnyLong(long number) {
    String clause = "FROM sales AT (VERSION => %s)";
    assertThat(versions(clause.formatted(number))).containsExactly("n" + number);
    assertThat(versions(clause.formatted("?"), number)).containsExactly("n" + number);
    assertThatThrownBy(() -> versions(clause.formatted("9223372036854775808")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("takes a whole number, a name or a parameter");
  }

  @Test
  void tablesOfANamespaceAreAskedForByBothNames() {
    assertThat(rows("SELECT orders.t FROM eu.orders", Parameters.NONE).collect().column("t"))
        .containsExactly("eu.orders");
    assertThat(rows("SELECT x.t FROM \"eu\".\"or ders\" x", Parameters.NONE).collect().column("t"))
        .containsExactly("eu.or ders");
    assertThat(versions("FROM eu . orders AT (VERSION => 3)")).containsExactly("n3");
    assertThat(
            rows("SELECT count(*) AS n FROM information_schema.tables", Parameters.NONE).columns())
        .containsExactly("n");
    assertThat(asked).contains("eu.orders", "information_schema.tables");
  }

  @Test
  void whatHasNoVersionsSaysSo() {
    tarn.register("plain", tarn.sql("SELECT 1 AS i"));
    assertThatThrownBy(() -> tarn.sql("FROM plain AT (VERSION => 1)"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("Cannot read plain at a version: it has no versions. Leave out AT.");
    assertThatThrownBy(() -> versions("FROM sales AT (VERSION => 1.5)"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot read sales at a version: AT (VERSION => …) takes a whole number, a name or a"
                + " parameter. Write one.");
    assertThatThrownBy(() -> versions("FROM sales AT (TIMESTAMP => NULL)"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("Cannot read a table at a time: the time is null. Write a time.");
  }

  @Test
  void placesInErrorsAreThoseOfTheText() {
    assertThatThrownBy(() -> versions("SELECT nosuch\nFROM sales AT (VERSION => 1)"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("nosuch");
    assertThatThrownBy(() -> versions("SELECT v FROM sales AT (VERSION => 1)\nWHERE nosuch = 1"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("line 2: WHERE nosuch = 1\n              ^");
  }
}
