package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.redis.InferredSchema;
import dev.tarn.redis.ScanOptions;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is found out about maps that are written as objects. */
class ColumnListTest {

  private final ColumnList columns = new ColumnList(true, ScanOptions.DEFAULT);

  private static String object(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "\"id%d\":{\"n\":%d}".formatted(i, i))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private void document(String json) {
    columns.document(json.getBytes(UTF_8));
  }

  @Test
  void anObjectOfManyMembersIsJson() {
    document("{\"few\":%s,\"many\":%s,\"last\":1}".formatted(object(0, 200), object(0, 250)));
    document("{\"few\":%s,\"many\":%s,\"last\":2}".formatted(object(0, 200), object(200, 300)));
    InferredSchema schema = columns.schema("test");
    assertThat(schema.columns().get(0).type().toString())
        .startsWith("STRUCT(id0 STRUCT(n BIGINT), id1 ");
    assertThat(schema.columns().get(1).type()).hasToString("JSON");
    assertThat(schema.columns().get(1).notes())
        .containsExactly("its objects have 300 different members");
    assertThat(schema.columns().get(2).type()).hasToString("BIGINT");
    assertThat(schema.columns().get(2).present()).isEqualTo(2);
  }

  @Test
  void membersOfManyDocumentsAreCounted() {
    document("{\"name\":\"a\"}");
    for (int i = 0; i < 30_000; i += 1_000) {
      document(object(i, i + 1_000));
    }
    document("{\"name\":\"b\"}");
    InferredSchema schema = columns.schema("test");
    assertThat(schema.notes())
        .containsExactly(
            "there are 30,001 different fields, which is a map rather than a table; of the first 20,000, the 500 that most keys have are columns");
    assertThat(schema.columns()).hasSize(500);
    assertThat(schema.columns().getFirst().present()).isEqualTo(2);
  }
}
