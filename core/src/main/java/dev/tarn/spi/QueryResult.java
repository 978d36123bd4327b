package dev.tarn.spi;

import dev.tarn.type.Schema;

/** The rows of a query that runs. Closing it early cancels the query and frees everything. */
public interface QueryResult extends BatchReader {
  Schema schema();
}
