package dev.tarn.spi;

import dev.tarn.plan.Plan;

/** Where a frame can be written to. */
public interface Sink {
  /** Runs the plan on the engine and writes its rows. */
  WriteResult write(Plan plan, Engine engine, RunOptions options);
}
