package dev.tarn.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnknownColumnTest {

  @Test
  void theNearestNameIsOffered() {
    List<String> names = List.of("customer_id", "amount", "region");
    assertThat(UnknownColumn.nearest("amonut", names)).contains("amount");
    assertThat(UnknownColumn.nearest("REGIONS", names)).contains("region");
    assertThat(UnknownColumn.nearest("customer", names)).contains("customer_id");
    assertThat(UnknownColumn.nearest("zzz", names)).isEmpty();
    assertThat(UnknownColumn.nearest("x", List.of())).isEmpty();
  }

  @Test
  void theMessageNamesWhatIsThere() {
    assertThat(UnknownColumn.of("select", "nope", "[data/*.csv]", List.of("id", "note")))
        .hasMessage("Cannot select column nope: [data/*.csv] has id, note. Did you mean note?");
  }

  @Test
  void aWideTableIsNotPrintedWhole() {
    List<String> names = IntStream.range(0, 1000).mapToObj(i -> "column" + i).toList();
    assertThat(UnknownColumn.of("select", "x", "", names).getMessage())
        .startsWith("Cannot select column x: the frame has column0, ")
        .endsWith("column29 and 970 more. Use one of those.");
  }
}
