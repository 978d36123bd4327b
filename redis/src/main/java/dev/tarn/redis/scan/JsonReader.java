package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.decode.JsonMembers;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.type.DataType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON documents: a row each, of what is wanted of them and no more. */
final class JsonReader implements ValueReader {

  private static final String DOCUMENT = "$";

  private final List<String> paths;
  private final Map<String, Integer> names = new HashMap<>();
  private final DataType[] types;
  private final int[] columns;

  JsonReader(List<ScanColumn> wanted) {
    this.columns = Columns.withRole(wanted, Role.FIELD);
    this.types = new DataType[columns.length];
    List<ScanColumn> fields =
        wanted.stream().filter(column -> column.role() == Role.FIELD).toList();
    List<JsonPath> all = fields.stream().map(JsonReader::path).toList();
    boolean whole = !all.stream().allMatch(JsonPath::isSendable);
    this.paths = whole ? List.of(DOCUMENT) : all.stream().map(JsonPath::toString).toList();
    for (int i = 0; i < columns.length; i++) {
      types[i] = fields.get(i).type();
      names.put(whole ? member(all.get(i), fields) : paths.get(i), i);
    }
  }

  private static JsonPath path(ScanColumn column) {
    return JsonPath.parse(column.source()).orElseThrow();
  }

  /** Of a document that is asked for as a whole, as one of its members cannot be asked for. */
  private static String member(JsonPath path, List<ScanColumn> fields) {
    return path.topMember()
        .orElseThrow(() ->
            new InvalidRequest(
                "Cannot read %s of JSON documents together with column %s: no path can name a member with a quote, a backslash or a control character. Select one of them, or read the member above the path and go into it by an expression."
                    .formatted(
                        path,
                        fields.stream()
                            .filter(column -> !path(column).isSendable())
                            .map(ScanColumn::name)
                            .findFirst()
                            .orElseThrow())));
  }

  @Override
  public void send(Requests to, byte[] key, @Nullable Object position) {
    var arguments = new byte[paths.size() + 1][];
    arguments[0] = key;
    for (int i = 0; i < paths.size(); i++) {
      arguments[i + 1] = paths.get(i).getBytes(UTF_8);
    }
    to.send(Command.JSON_GET, arguments);
  }

  @Override
  public boolean expects(ServerError error) {
    return error.is("WRONGTYPE") || error.message().contains("wrong Redis type");
  }

  @Override
  public Outcome read(
      byte[] key, @Nullable Object position, @Nullable Object[] replies, RowBuffer rows) {
    if (replies[0] instanceof ServerError) {
      return Outcome.OTHER_TYPE;
    }
    if (!(replies[0] instanceof byte[] json)) {
      return Outcome.GONE;
    }
    var values =
        new JsonMembers.Values() {
          @Override
          public void value(int column, byte[] value) {
            rows.value(columns[column], value);
          }

          @Override
          public void bad(int column, byte[] value) {
            rows.bad(columns[column], value);
          }
        };
    boolean read =
        paths.getFirst().equals(DOCUMENT)
            ? JsonMembers.document(json, names, types, values)
            : columns.length == 1
                ? JsonMembers.match(json, types[0], values)
                : JsonMembers.matches(json, names, types, values);
    if (!read) {
      for (int column : columns) {
        rows.bad(column, json);
      }
    }
    return rows.endRow() ? Outcome.READ : Outcome.ENOUGH;
  }
}
