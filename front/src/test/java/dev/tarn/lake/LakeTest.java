package dev.tarn.lake;

import dev.tarn.Tarn;
import java.nio.file.Path;
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
}
