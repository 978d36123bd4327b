package dev.tarn.spi;

/** What a source chose to read. */
public sealed interface Scan permits FileScan, RowScan, TableScan {}
