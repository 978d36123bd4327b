package dev.tarn.lake;

import static dev.tarn.lake.Options.evolve;
import static dev.tarn.lake.Options.required;
import static dev.tarn.lake.Options.rewriteAll;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.INTEGER;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.type.Schema;
import java.util.List;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Columns and members that are added, renamed, moved, widened, dropped and required. */
class DatasetColumnsTest extends LakeTest {

  @Test
  void evolveAddsAndWidens() {
    Dataset t =
        tarn.create("t", tarn.sql("SELECT 1 AS id, 1.5::FLOAT AS f, 1.5::DECIMAL(5,2) AS d"));
    t.append(
        tarn.sql(
            "SELECT 5000000000 AS id, 2.25::DOUBLE AS f, 12345678.25::DECIMAL(12,2) AS d, 'x' AS more"),
        evolve());
    assertThat(t.schema().toString())
        .isEqualTo("id BIGINT\nf DOUBLE\nd DECIMAL(12,2)\nmore VARCHAR");
    assertThat(ids(t.frame())).containsExactly(1L, 5_000_000_000L);
    assertThat(t.frame().filter("id = 1").collect().row(0).isNull("more")).isTrue();
  }

  @Test
  void requiredColumnsRefuseNull() {
    Dataset t = tarn.create("t", Schema.of("id", BIGINT, "x", VARCHAR), required("id"));
    assertThatThrownBy(() -> t.append(tarn.sql("SELECT NULL::BIGINT AS id")))
        .isInstanceOf(BadData.class)
        .hasMessageContaining("column id is null in row 1, and it is required");
    t.makeOptional("id");
    t.append(tarn.sql("SELECT NULL::BIGINT AS id"));
    assertThat(rows(t.frame())).isEqualTo(1);
  }

  @Test
  void columnsAreAddedRenamedMovedWidenedAndDroppedWithoutRewriting() {
    Dataset t = tarn.create("t", tarn.sql("SELECT 1 AS id, 'a' AS amt, {'x': 1, 'y': 'z'} AS s"));
    t.addColumn("note", VARCHAR)
        .addColumn("qty", INTEGER, 7)
        .renameColumn("amt", "amount")
        .widen("id", BIGINT)
        .addColumn("s.w", INTEGER)
        .renameColumn("s.x", "xx")
        .moveFirst("note")
        .moveAfter("id", "s");
    assertThat(t.frame().columns()).containsExactly("note", "amount", "s", "id", "qty");
    Row row = t.frame().collect().row(0);
    assertThat(row.value("qty")).isEqualTo(7);
    assertThat(row.value("s").toString()).isEqualTo("{xx=1, y=z, w=null}");
    t.append(tarn.sql("SELECT 2 AS id, {'xx': 5, 'y': 'q', 'w': 9} AS s"));
    assertThat(t.frame().sort("id").collect().stream().map(r -> r.value("s").toString()).toList())
        .containsExactly("{xx=1, y=z, w=null}", "{xx=5, y=q, w=9}");
    assertThat(t.frame().filter("id = 2").collect().row(0).value("qty")).isEqualTo(7);
    t.dropColumn("amount").addColumn("amount", VARCHAR);
    assertThat(t.frame().filter("amount IS NOT NULL").collect().isEmpty()).isTrue();
    t.dropColumn("s.y").addColumn("s.y", VARCHAR);
    assertThat(t.frame().filter("s.y IS NOT NULL").collect().isEmpty()).isTrue();
    assertThat(t.at(t.history().getFirst().snapshot()).columns()).containsExactly("id", "amt", "s");
  }

  @Test
  void membersHaveTheirDefaultInOldRowsAndInNewOnesThatLackThem() {
    String old =
        "SELECT i AS id, CASE WHEN i < 2 THEN {'x': i, 'in': {'y': i}} END AS s, [{'a': 1}] AS l FROM range(3) r(i)";
    Dataset t = tarn.create("t", tarn.sql(old));
    long first = t.history().getFirst().snapshot();
    t.addColumn("s.w", INTEGER, 7).addColumn("s.in.z", VARCHAR, "new");
    t.append(tarn.sql("SELECT 3 AS id, {'x': 3} AS s"));
    t.append(tarn.sql("SELECT 4 AS id, {'w': NULL::INTEGER, 'in': {'y': 4}} AS s"));
    t.append(tarn.sql("SELECT 5 AS id, {'w': 5, 'in': {'z': 'given'}} AS s"));
    List<String> all =
        List.of(
            "{x=0, in={y=0, z=new}, w=7}",
            "{x=1, in={y=1, z=new}, w=7}",
            "null",
            "{x=3, in=null, w=7}",
            "{x=null, in={y=4, z=new}, w=null}",
            "{x=null, in={y=null, z=given}, w=5}");
    assertThat(structs(t.frame())).isEqualTo(all);
    assertThat(rows(t.frame().filter("s.w = 7"))).isEqualTo(3);
    assertThat(rows(t.frame().filter("s.w IS NULL"))).isEqualTo(2);
    assertThat(rows(t.frame().filter("s.in.z = 'new'"))).isEqualTo(3);
    assertThat(structs(t.at(first))).containsExactly("{x=0, in={y=0}}", "{x=1, in={y=1}}", "null");
    t.renameColumn("s.w", "weight");
    assertThat(rows(t.frame().filter("s.weight = 7"))).isEqualTo(3);
    t.renameColumn("s.weight", "w");
    t.compact(rewriteAll());
    assertThat(structs(t.frame())).isEqualTo(all);
    assertThat(t.verify().problems()).isEmpty();
    assertThatThrownBy(() -> t.addColumn("l.element.b", INTEGER, 1))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("within lists and maps there is none");
  }

  @Test
  void defaultsThatOthersGaveToPartsOfListsAndMapsAreRead() {
    String old = "SELECT 1 AS id, [{'a': 1}, NULL] AS l, MAP {'k': {'c': 2}} AS m";
    Dataset t = tarn.create("t", tarn.sql(old)).addColumn("x", INTEGER, 1); // version 3
    t.table()
        .updateSchema()
        .addColumn("l", "b", Types.IntegerType.get(), null, Expressions.lit(5))
        .addColumn("m", "d", Types.StringType.get(), null, Expressions.lit("e"))
        .commit();
    Row row = tarn.lake().dataset("t").frame().collect().row(0);
    assertThat(row.value("l").toString()).isEqualTo("[{a=1, b=5}, null]");
    assertThat(row.value("m").toString()).isEqualTo("{k={c=2, d=e}}");
  }

  private static List<String> structs(Frame frame) {
    return frame.sort("id").collect().stream().map(row -> String.valueOf(row.value("s"))).toList();
  }
}
