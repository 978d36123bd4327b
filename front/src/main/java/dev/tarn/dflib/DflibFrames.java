package dev.tarn.dflib;

import dev.tarn.Batches;
import dev.tarn.Frame;
import dev.tarn.spi.Batch;
import dev.tarn.spi.RunOptions;
import java.util.ArrayList;
import java.util.List;
import org.dflib.DataFrame;
import org.dflib.Series;
import org.jspecify.annotations.Nullable;

/** Runs frames into DFLib data frames. */
public final class DflibFrames {

  private DflibFrames() {}

  /** All rows of a frame, in memory; values as {@link dev.tarn.Row} describes them. */
  public static DataFrame toDataFrame(Frame frame) {
    try (Batches batches = frame.batches(RunOptions.DEFAULT.batchRows())) {
      List<String> names = batches.schema().names();
      var columns = new ArrayList<ArrayList<@Nullable Object>>();
      names.forEach(name -> columns.add(new ArrayList<>()));
      for (Batch batch : batches) {
        for (int column = 0; column < names.size(); column++) {
          for (int row = 0; row < batch.size(); row++) {
            columns.get(column).add(batch.value(row, column));
          }
        }
      }
      Series<?>[] series =
          columns.stream().map(values -> Series.ofIterable(values)).toArray(Series<?>[]::new);
      return DataFrame.byColumn(names.toArray(String[]::new)).of(series);
    }
  }
}
