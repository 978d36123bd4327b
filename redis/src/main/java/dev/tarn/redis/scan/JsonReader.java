package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.decode.JsonMembers;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.type.DataType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON documents: a row each, of the members that are wanted and no others. */
final class JsonReader implements ValueReader {

  private static final String DOCUMENT = "$";

  private final List<String> paths;
  private final Map<String, Integer> names = new HashMap<>();
  private final DataType[] types;
  private final int[] columns;

  JsonReader(List<ScanColumn> wanted) {
    this.columns = Columns.withRole(wanted, Role.FIELD);
    this.types = new DataType[columns.length];
    List<ScanColumn> members =
        wanted.stream().filter(column -> column.role() == Role.FIELD).toList();
    boolean whole = members.stream().anyMatch(column -> !hasPath(column.source()));
    this.paths =
        whole ? List.of(DOCUMENT) : members.stream().map(column -> path(column.source())).toList();
    for (int i = 0; i < columns.length; i++) {
      types[i] = members.get(i).type();
      names.put(whole ? members.get(i).source() : paths.get(i), i);
    }
  }

  /**
   * Whether a member can be named in a path. Servers differ in how they read a quote or a backslash
   * in it; the document is asked for then.
   */
  private static boolean hasPath(String member) {
    return member.chars().noneMatch(c -> c == '"' || c == '\\' || c < ' ');
  }

  private static String path(String member) {
    return member.matches("[A-Za-z_][A-Za-z0-9_]*") ? "$." + member : "$[\"" + member + "\"]";
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
