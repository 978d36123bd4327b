package dev.tarn.cli.output;

import dev.tarn.spi.Batch;
import dev.tarn.type.Schema;
import java.io.IOException;

/** Writes rows as text. After a failure what was written stays incomplete, so that it shows. */
interface RowWriter {

  void begin(Schema schema) throws IOException;

  void write(Batch batch) throws IOException;

  void end() throws IOException;
}
