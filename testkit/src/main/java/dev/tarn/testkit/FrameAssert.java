package dev.tarn.testkit;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** Assertions on what a frame yields. Runs it once, when it is made. */
public final class FrameAssert extends AbstractAssert<FrameAssert, Frame> {

  private final Rows rows;

  private FrameAssert(Frame frame) {
    super(frame, FrameAssert.class);
    this.rows = frame.collect();
  }

  public static FrameAssert assertThat(Frame frame) {
    return new FrameAssert(frame);
  }

  public FrameAssert hasColumns(String... names) {
    Assertions.assertThat(rows.schema().names()).containsExactly(names);
    Assertions.assertThat(actual.columns()).containsExactly(names);
    return this;
  }

  /** The rows in order, each as the list of its values. */
  public FrameAssert hasRows(Values... expected) {
    Assertions.assertThat(values()).containsExactlyElementsOf(Arrays.asList(expected));
    return this;
  }

  /** The rows in any order. */
  public FrameAssert hasRowsInAnyOrder(Values... expected) {
    Assertions.assertThat(values()).containsExactlyInAnyOrderElementsOf(Arrays.asList(expected));
    return this;
  }

  /** The one value of a frame of one row and one column. */
  public FrameAssert hasValue(@Nullable Object expected) {
    Assertions.assertThat(rows.value()).isEqualTo(expected);
    return this;
  }

  /** The values of a row, in order. */
  public record Values(List<@Nullable Object> values) {}

  /** A row for {@link #hasRows}; null among its values is allowed. */
  public static Values row(@Nullable Object... values) {
    return new Values(Arrays.asList(values));
  }

  private List<Values> values() {
    var values = new ArrayList<Values>();
    for (Row row : rows) {
      values.add(new Values(new ArrayList<>(row.toMap().values())));
    }
    return values;
  }
}
