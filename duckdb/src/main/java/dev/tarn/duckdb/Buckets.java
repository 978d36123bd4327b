package dev.tarn.duckdb;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBScalarFunction;
import org.duckdb.DuckDBWritableVector;

/**
 * Iceberg's partition transform {@code bucket[n]}, as {@code iceberg_bucket(n, value)}: 32 bits of
 * Murmur3 over the bytes that appendix B of its specification names, modulo n.
 *
 * <p>The driver hands over neither bytes nor UUIDs nor decimals of any precision, so these come as
 * text; a macro with an overload for each type chooses.
 */
final class Buckets {

  private static final int C1 = 0xcc9e2d51;
  private static final int C2 = 0x1b873593;

  private static final String MACRO =
      """
      CREATE MACRO iceberg_bucket(n INTEGER, v BIGINT) AS tarn_bucket_long(n, v),
        (n INTEGER, v VARCHAR) AS tarn_bucket_text(n, v),
        (n INTEGER, v DATE) AS tarn_bucket_long(n, v - DATE '1970-01-01'),
        (n INTEGER, v TIMESTAMP) AS tarn_bucket_long(n, epoch_us(v)),
        (n INTEGER, v TIMESTAMPTZ) AS tarn_bucket_long(n, epoch_us(v)),
        (n INTEGER, v TIME) AS tarn_bucket_long(n, epoch_us(v)),
        (n INTEGER, v BLOB) AS tarn_bucket_bytes(n, hex(v)),
        (n INTEGER, v UUID) AS tarn_bucket_bytes(n, replace(CAST(v AS VARCHAR), '-', '')),
        (n INTEGER, v) AS tarn_bucket_decimal(n, CAST(v AS VARCHAR))\
      """;

  private Buckets() {}

  static void register(Connection connection) throws SQLException {
    register(connection, "tarn_bucket_long", DuckDBColumnType.BIGINT, (v, i) -> hash(v.getLong(i)));
    register(connection, "tarn_bucket_text", (v, i) -> hash(utf8(v.getString(i))));
    register(
        connection, "tarn_bucket_bytes", (v, i) -> hash(HexFormat.of().parseHex(v.getString(i))));
    register(
        connection,
        "tarn_bucket_decimal",
        (v, i) -> hash(new BigDecimal(v.getString(i)).unscaledValue().toByteArray()));
    try (Statement statement = connection.createStatement()) {
      statement.execute(MACRO);
    }
  }

  /** The hash of a value that is not null. */
  private interface Hash {
    int of(DuckDBReadableVector values, long row);
  }

  private static void register(Connection connection, String name, Hash hash) throws SQLException {
    register(connection, name, DuckDBColumnType.VARCHAR, hash);
  }

  private static void register(Connection connection, String name, DuckDBColumnType type, Hash hash)
      throws SQLException {
    DuckDBFunctions.scalarFunction()
        .withName(name)
        .withParameters(DuckDBColumnType.INTEGER, type)
        .withReturnType(DuckDBColumnType.INTEGER)
        .withVectorizedFunction(function(hash))
        .register(connection);
  }

  private static DuckDBScalarFunction function(Hash hash) {
    return (DuckDBDataChunkReader input, DuckDBWritableVector output) -> {
      DuckDBReadableVector counts = input.vector(0);
      DuckDBReadableVector values = input.vector(1);
      long rows = input.rowCount();
      for (long row = 0; row < rows; row++) {
        if (values.isNull(row) || counts.isNull(row)) {
          output.setNull(row);
        } else {
          int positive = hash.of(values, row) & Integer.MAX_VALUE;
          output.setInt(row, positive % counts.getInt(row));
        }
      }
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Murmur3 of 8 bytes, the lowest first. */
  static int hash(long value) {
    return finished(mixed(mixed(0, (int) value), (int) (value >>> 32)), 8);
  }

  static int hash(byte[] bytes) {
    int hash = 0;
    int whole = bytes.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      hash = mixed(hash, word(bytes, i));
    }
    int tail = 0;
    for (int i = bytes.length - 1; i >= whole; i--) {
      tail = tail << 8 | (bytes[i] & 0xff);
    }
    return finished(hash ^ scrambled(tail), bytes.length);
  }

  private static int word(byte[] bytes, int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | (bytes[at + 3] & 0xff) << 24;
  }

  private static int scrambled(int word) {
    return Integer.rotateLeft(word * C1, 15) * C2;
  }

  private static int mixed(int hash, int word) {
    return Integer.rotateLeft(hash ^ scrambled(word), 13) * 5 + 0xe6546b64;
  }

  private static int finished(int hash, int length) {
    int h = hash ^ length;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }
}
