package dev.tarn.engine;

import dev.tarn.Tarn;
import dev.tarn.spi.Engine;
import dev.tarn.testkit.EngineContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class DuckDbEngineContractTest extends EngineContract {

  private static Tarn tarn;

  @BeforeAll
  static void open() {
    tarn = Tarn.open();
  }

  @AfterAll
  static void close() {
    tarn.close();
  }

  @Override
  protected Engine engine() {
    return tarn.engine();
  }
}
