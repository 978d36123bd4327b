package dev.tarn.lake;

import static dev.tarn.Columns.count;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with a lake of its own in {@code folder/lake}. */
abstract class LakeTest {

  @TempDir Path folder;
  Tarn tarn;

  @BeforeEach
  void openLake() {
    tarn = Tarn.open(folder.resolve("lake"));
  }

  @AfterEach
  void closeLake() {
    tarn.close();
  }

  /** How many rows a frame has. */
  static long rows(Frame frame) {
    return ((Number) Objects.requireNonNull(frame.select(count()).collect().value())).longValue();
  }

  static List<@Nullable Object> ids(Frame frame) {
    return frame.sort("id").select("id").collect().column("id");
  }
}
