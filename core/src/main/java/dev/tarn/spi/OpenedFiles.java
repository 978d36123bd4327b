package dev.tarn.spi;

import dev.tarn.type.Schema;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files that were looked into once, so that every query reads them alike.
 *
 * @param scan the files, with what was found out about them as options
 * @param schema their columns
 * @param skipped why files were left out, by path; empty unless bad files are to be skipped
 */
public record OpenedFiles(FileScan scan, Schema schema, Map<String, String> skipped) {
  public OpenedFiles {
    skipped = Collections.unmodifiableMap(new TreeMap<>(skipped));
  }
}
