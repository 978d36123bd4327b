package dev.tarn.duckdb;

import dev.tarn.type.DataType;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** What the driver gives for a value, as {@link dev.tarn.Row} promises it. */
final class Values {

  private Values() {}

  static @Nullable Object read(ResultSet result, int column, DataType type) throws SQLException {
    return switch (type) {
      case DataType.Simple.TIMESTAMP,
          DataType.Simple.TIMESTAMP_S,
          DataType.Simple.TIMESTAMP_MS,
          DataType.Simple.TIMESTAMP_NS ->
          result.getObject(column, LocalDateTime.class);
      case DataType.Simple.BLOB -> result.getBytes(column);
      default -> convert(result.getObject(column));
    };
  }

  static OffsetDateTime utc(OffsetDateTime time) {
    return time.withOffsetSameInstant(ZoneOffset.UTC);
  }

  private static @Nullable Object convert(@Nullable Object value) throws SQLException {
    return switch (value) {
      case Byte n -> (int) n;
      case Short n -> (int) n;
      case Timestamp time -> time.toLocalDateTime();
      case OffsetDateTime time -> utc(time);
      case Blob blob -> blob.getBytes(1, (int) blob.length());
      case Array array -> list((Object[]) array.getArray());
      case Object[] array -> list(array);
      case DuckDBStruct struct -> members(struct.getMap());
      case Map<?, ?> map -> members(map);
      case org.duckdb.JsonNode json -> json.toString();
      case null, default -> value;
    };
  }

  private static List<@Nullable Object> list(@Nullable Object[] array) throws SQLException {
    var list = new ArrayList<@Nullable Object>(array.length);
    for (Object element : array) {
      list.add(convert(element));
    }
    return list;
  }

  private static Map<Object, @Nullable Object> members(Map<?, ?> struct) throws SQLException {
    var members = new LinkedHashMap<Object, @Nullable Object>();
    for (Map.Entry<?, ?> entry : struct.entrySet()) {
      Object key = convert(entry.getKey());
      members.put(key == null ? "" : key, convert(entry.getValue()));
    }
    return members;
  }
}
