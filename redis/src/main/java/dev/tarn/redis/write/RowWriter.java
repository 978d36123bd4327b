package dev.tarn.redis.write;

import dev.tarn.spi.Batch;

/** Turns rows into items. Used by one thread. */
interface RowWriter {

  /** Takes the next rows. */
  void write(Batch batch);

  /** There are no more. */
  void end();
}
