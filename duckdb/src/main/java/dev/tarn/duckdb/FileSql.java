package dev.tarn.duckdb;

import dev.tarn.error.InvalidRequest;
import dev.tarn.io.FileFormat;
import dev.tarn.io.ReadOptions;
import dev.tarn.spi.FileScan;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.type.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Files as a table function of DuckDB. */
final class FileSql {

  private FileSql() {}

  static String of(FileScan scan) {
    Map<String, String> arguments = arguments(scan);
    return function(scan.format())
        + "("
        + paths(scan)
        + arguments.entrySet().stream()
            .map(e -> ", " + e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining())
        + ")";
  }

  private static String function(FileFormat format) {
    return switch (format) {
      case PARQUET -> "read_parquet";
      case CSV -> "read_csv";
      case JSON, NDJSON -> "read_json";
      case ARROW -> throw new IllegalStateException("Arrow files are streamed, not read by SQL");
    };
  }

  static String paths(FileScan scan) {
    return scan.paths().size() == 1
        ? DuckDbDialect.DUCKDB.literal(scan.paths().get(0))
        : DuckDbDialect.DUCKDB.literal(scan.paths());
  }

  private static Map<String, String> arguments(FileScan scan) {
    ReadOptions options = scan.options();
    var arguments = new LinkedHashMap<String, String>();
    Schema schema = options.schema();
    switch (scan.format()) {
      case PARQUET -> {
        if (schema != null) {
          throw new InvalidRequest(
              "Cannot read Parquet with a schema: its files have one. Cast columns instead.");
        }
        // With union_by_name DuckDB opens a file twice: one that is replaced in between would be
        // read
        // by the other's footer. Files of a folder are safe, since no two writes name them alike.
        if (scan.paths().size() > 1 || FileGlobs.isGlob(scan.paths().get(0))) {
          arguments.put("union_by_name", "true");
        }
      }
      case CSV -> {
        arguments.put("skip", "0"); // or the sniffer drops lines that do not fit
        arguments.put(
            schema == null ? "union_by_name" : "columns", schema == null ? "true" : struct(schema));
      }
      case JSON, NDJSON -> {
        arguments.put(
            "format", scan.format() == FileFormat.JSON ? "'auto'" : "'newline_delimited'");
        arguments.put(
            schema == null ? "union_by_name" : "columns", schema == null ? "true" : struct(schema));
      }
      case ARROW -> {}
    }
    switch (options.hivePartitions()) {
      case AUTO -> {}
      case YES -> arguments.put("hive_partitioning", "true");
      case NO -> arguments.put("hive_partitioning", "false");
    }
    String fileName = options.fileNameColumn();
    if (fileName != null) {
      arguments.put("filename", DuckDbDialect.DUCKDB.literal(fileName));
    }
    options.engine().forEach((name, value) -> arguments.put(checked(name), literal(value)));
    return arguments;
  }

  private static String literal(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e ->
              DuckDbDialect.DUCKDB.literal(e.getKey())
                  + ": "
                  + DuckDbDialect.DUCKDB.literal(e.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return DuckDbDialect.DUCKDB.literal(value);
  }

  private static String struct(Schema schema) {
    return schema.fields().stream()
        .map(field ->
            DuckDbDialect.DUCKDB.literal(field.name())
                + ": "
                + DuckDbDialect.DUCKDB.literal(field.type().toString()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String checked(String option) {
    if (!option.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new InvalidRequest(
          "Cannot read with option '%s': that is no name of an option.".formatted(option));
    }
    return option;
  }
}
