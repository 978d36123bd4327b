package dev.tarn.duckdb;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import dev.tarn.io.FileSource;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Parameters;
import dev.tarn.spi.Tables;
import dev.tarn.spi.Version;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * SQL text as a plan. DuckDB's own parser says which tables the text names and where its parameters
 * stand; a parameter becomes a literal there, escaped by its type. Safe for use by several threads.
 */
final class SqlParser {

  private static final Pattern WORD =
      Pattern.compile("\"((?:[^\"]|\"\")+)\"|'([^']+)'|\\b(\\w+)\\b");

  /** What the driver says of a column that is not known before the query runs. */
  private static final DataType UNKNOWN = new DataType.Other("UNKNOWN");

  /** Texts whose trees are kept: an application runs the same few with other values. */
  private static final int KEPT = 128;

  /** Longer texts are not kept. */
  private static final int KEPT_LENGTH = 10_000;

  private final DuckDbEngine engine;
  private final Map<String, Map<?, ?>> trees =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Map<?, ?>> eldest) {
              return size() > KEPT;
            }
          });

  SqlParser(DuckDbEngine engine) {
    this.engine = engine;
  }

  /** A parameter in the text: where it stands, in bytes. */
  private record Place(String name, int start, int length) {}

  /** What stands in the place of some bytes of the text. */
  private record Edit(int start, int end, String replacement) {}

  Plan parse(String given, Parameters parameters, Tables tables) {
    String text = given.replaceFirst("[;\\s]+$", ""); // it becomes part of a larger query
    Map<?, ?> tree = tree(text);
    boolean guessed = tree.get("statements") == null;
    Collection<String> names;
    if (guessed) {
      requireSilent(text, tree);
      names = words(text); // PIVOT has no tree: each word could be a table
    } else {
      requireOne(Json.array(tree.get("statements")).size());
      names = tableNames(tree);
    }
    List<Edit> values = values(guessed ? List.of() : places(tree), parameters);
    var used = new TreeMap<String, Plan>();
    for (String name : names) {
      table(name, guessed, tables).ifPresent(plan -> used.put(name, plan));
    }
    List<Edit> edits = new ArrayList<>(values);
    if (!guessed) {
      replaceReferences(text, tree, parameters, tables, used, edits);
      replaceCalls(text, tree, parameters, tables, used, edits);
    }
    edits.addAll(bareNames(tree, used));
    edits.sort(Comparator.comparingInt(Edit::start));
    String literal = edited(text, edits);
    return new Plan.SqlQuery(literal, used, columns(text, edits, literal, used));
  }

  /** Tables of a namespace, or at a version, get names that the text can have. */
  private void replaceReferences(
      String text,
      Map<?, ?> tree,
      Parameters parameters,
      Tables tables,
      Map<String, Plan> used,
      List<Edit> edits) {
    for (TableReference reference : TableReference.in(tree, text)) {
      TableReference.At at = reference.at();
      Version version = at == null ? null : version(text, reference.name(), at, edits, parameters);
      Optional<Plan> plan = referenced(reference, version, tables);
      if (plan.isEmpty() && at == null) {
        continue; // DuckDB may know it
      }
      String name = freeName(reference.name(), version, text);
      used.put(
          name,
          plan.orElseThrow(() ->
              new InvalidRequest(
                  "Cannot find table %s, which the query reads at a version. Check its name."
                      .formatted(reference.name()))));
      String alias = reference.hasAlias() ? "" : " AS " + quoted(reference.path().getLast());
      edits.add(new Edit(reference.start(), reference.nameEnd(), quoted(name) + alias));
      if (at != null) {
        edits.removeIf(edit -> edit.start() >= at.start() && edit.end() <= at.end());
        edits.add(new Edit(at.start(), at.end(), ""));
      }
    }
  }

  /** Functions of ours become tables of their own. */
  private static void replaceCalls(
      String text,
      Map<?, ?> tree,
      Parameters parameters,
      Tables tables,
      Map<String, Plan> used,
      List<Edit> edits) {
    for (TableCall call : TableCall.in(tree, text)) {
      if (!tables.isFunction(call.function())) {
        continue; // DuckDB may know it
      }
      Optional<Plan> plan = tables.function(call.values(values(parameters)::get));
      if (plan.isPresent()) {
        int number = 1;
        while (used.containsKey(call.function() + number)
            || text.contains(call.function() + number)) {
          number++;
        }
        String name = call.function() + number;
        used.put(name, plan.get());
        String alias = call.hasAlias() ? "" : " AS " + quoted(call.function());
        edits.removeIf(edit -> edit.start() >= call.start() && edit.end() <= call.end());
        edits.add(new Edit(call.start(), call.end(), quoted(name) + alias));
      }
    }
  }

  private static Optional<Plan> referenced(
      TableReference reference, @Nullable Version version, Tables tables) {
    return version == null
        ? table(reference.name(), true, tables)
        : tables.table(reference.name(), version);
  }

  private static String quoted(String name) {
    return DuckDbDialect.DUCKDB.quote(name);
  }

  /** A name that says what it is and that the text does not use. */
  private static String freeName(String table, @Nullable Version version, String text) {
    String name =
        switch (version) {
          case null -> table;
          case Version.Number v -> table + "@" + v.number();
          case Version.Name v -> table + "@'" + v.name() + "'";
          case Version.Time v -> table + "@" + v.time();
        };
    String lower = text.toLowerCase(Locale.ROOT);
    while (version != null && lower.contains(name.toLowerCase(Locale.ROOT))) {
      name += "_";
    }
    return name;
  }

  private Version version(
      String text, String table, TableReference.At at, List<Edit> edits, Parameters parameters) {
    if (at.unit().equalsIgnoreCase("TIMESTAMP")) {
      return new Version.Time(time(text, at, edits));
    }
    Object value = versionValue(at.expr(), parameters);
    return switch (value) {
      case Long n -> new Version.Number(n);
      case Integer n -> new Version.Number(n);
      case String name when !name.isEmpty() -> new Version.Name(name);
      case null, default ->
          throw new InvalidRequest(
              "Cannot read %s at a version: AT (VERSION => …) takes a whole number, a name or a parameter. Write one."
                  .formatted(table));
    };
  }

  private static @Nullable Object versionValue(Map<?, ?> expr, Parameters parameters) {
    if ("PARAMETER".equals(expr.get("class"))) {
      return values(parameters).get(String.valueOf(expr.get("identifier")));
    }
    Map<?, ?> literal = Json.object(expr.get("literal"));
    String value = String.valueOf(literal.get("text"));
    return switch (String.valueOf(literal.get("kind"))) {
      case "INTEGER" -> wholeNumber(value);
      case "STRING" -> value;
      default -> null;
    };
  }

  /** Versions are any positive {@code long}, and one in 40 of them begins with a 9. */
  private static @Nullable Long wholeNumber(String digits) {
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException beyondLong) {
      return null;
    }
  }

  /** DuckDB computes the time, which may be text, a timestamp with or without zone, or a sum. */
  private Instant time(String text, TableReference.At at, List<Edit> edits) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<Edit> within =
        edits.stream()
            .filter(e -> e.start() >= at.valueStart() && e.end() < at.end())
            .map(e ->
                new Edit(e.start() - at.valueStart(), e.end() - at.valueStart(), e.replacement()))
            .toList();
    int length = at.end() - 1 - at.valueStart();
    String value =
        edited(new String(bytes, at.valueStart(), length, StandardCharsets.UTF_8), within);
    return engine.call(
        "read the time of AT",
        session -> {
          try (DuckDBPreparedStatement statement =
                  session
                      .connection()
                      .prepare("SELECT epoch_us(CAST((\n" + value + "\n) AS TIMESTAMPTZ))");
              ResultSet result = statement.executeQuery()) {
            result.next();
            long micros = result.getLong(1);
            if (result.wasNull()) {
              throw new InvalidRequest(
                  "Cannot read a table at a time: the time is null. Write a time.");
            }
            return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
          }
        });
  }

  /** The table of a name; a word that was only guessed to be one need not be a file. */
  private static Optional<Plan> table(String name, boolean guessed, Tables tables) {
    try {
      return tables.table(name);
    } catch (Unavailable noFile) {
      if (guessed) {
        return Optional.empty();
      }
      throw noFile;
    }
  }

  /** DuckDB's tree of a text, which costs a query; nobody changes it. */
  private Map<?, ?> tree(String text) {
    Map<?, ?> tree = trees.get(text);
    if (tree == null) {
      tree = parsed(text);
      if (text.length() <= KEPT_LENGTH) {
        trees.put(text, tree);
      }
    }
    return tree;
  }

  private Map<?, ?> parsed(String text) {
    String json =
        engine.call(
            "read the SQL text",
            session -> {
              try (DuckDBPreparedStatement statement =
                  session.connection().prepare("SELECT json_serialize_sql(?)")) {
                statement.setString(1, text);
                try (ResultSet result = statement.executeQuery()) {
                  result.next();
                  return result.getString(1);
                }
              }
            });
    return Json.object(Json.parse(json));
  }

  /** A text without a tree must be one that has none, not one that is wrong. */
  private static void requireSilent(String text, Map<?, ?> tree) {
    String message = String.valueOf(tree.get("error_message"));
    if ("parser".equals(tree.get("error_type"))) {
      int position = Integer.parseInt(String.valueOf(tree.get("position")).replaceAll("\\D", "0"));
      throw new InvalidRequest(
          "Cannot read the SQL text: %s.\n%s"
              .formatted(message, Errors.caret(text, position).orElse(""))
              .strip());
    }
    if (message.startsWith("Mixing named and positional")) {
      throw new InvalidRequest("Cannot read the SQL text: it has both ? and $name. Use one kind.");
    }
    if (!"not implemented".equals(tree.get("error_type"))) {
      throw new InvalidRequest(
          "Cannot read the SQL text: %s.".formatted(message.replaceAll("\\.$", "")));
    }
    if (!Pattern.compile("\\b(un)?pivot\\b", Pattern.CASE_INSENSITIVE).matcher(text).find()) {
      throw new InvalidRequest(
          "Cannot run the SQL text: it is no query. Only SELECT, FROM, WITH, VALUES, PIVOT, DESCRIBE"
              + " and SUMMARIZE can be run; write with a frame's write(…).");
    }
  }

  private static void requireOne(int statements) {
    if (statements != 1) {
      throw new InvalidRequest(
          statements == 0
              ? "Cannot run the SQL text: it is empty. Write a query."
              : "Cannot run the SQL text: it holds %d statements. Run them one by one."
                  .formatted(statements));
    }
  }

  private static Set<String> tableNames(Map<?, ?> tree) {
    var names = new LinkedHashSet<String>();
    Json.walk(
        tree,
        node -> {
          if (node.get("table_name") instanceof String name
              && !name.isEmpty()
              && !TableReference.isReference(node)
              && "".equals(String.valueOf(node.get("schema_name")).replace("null", ""))) {
            names.add(unquoted(name));
          }
        });
    return names;
  }

  static String unquoted(String name) {
    return name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }

  private static Set<String> words(String text) {
    var words = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    WORD.matcher(text)
        .results()
        .forEach(match -> {
          for (int group = 1; group <= 3; group++) {
            if (match.group(group) != null) {
              words.add(match.group(group));
            }
          }
        });
    return words;
  }

  private static List<Place> places(Map<?, ?> tree) {
    var places = new ArrayList<Place>();
    Json.walk(
        tree,
        node -> {
          if ("PARAMETER".equals(node.get("class"))) {
            places.add(
                new Place(
                    String.valueOf(node.get("identifier")),
                    ((Number) number(node.get("query_location"))).intValue(),
                    ((Number) number(node.get("query_location_length"))).intValue()));
          }
        });
    return places;
  }

  private static Object number(@Nullable Object value) {
    return value instanceof Number number ? number : -1;
  }

  private static List<Edit> values(List<Place> places, Parameters parameters) {
    Set<String> wanted =
        places.stream().map(Place::name).collect(Collectors.toCollection(TreeSet::new));
    Map<String, @Nullable Object> values = values(parameters);
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(values.keySet());
    if (!missing.isEmpty()) {
      throw new InvalidRequest(
          "Cannot run the query: parameter %s has no value; %d of %d have one. Give one for each ? or $name."
              .formatted(String.join(", ", missing), values.size(), wanted.size()));
    }
    Set<String> unused = new TreeSet<>(values.keySet());
    unused.removeAll(wanted);
    if (!unused.isEmpty()) {
      throw new InvalidRequest(
          "Cannot run the query: there is no parameter for value %s; the text has %d. Leave it out."
              .formatted(String.join(", ", unused), wanted.size()));
    }
    return places.stream()
        .map(place ->
            new Edit(
                place.start(),
                place.start() + place.length(),
                DuckDbDialect.DUCKDB.literal(values.get(place.name()))))
        .toList();
  }

  private static Map<String, @Nullable Object> values(Parameters parameters) {
    var values = new TreeMap<String, @Nullable Object>(parameters.named());
    for (int i = 0; i < parameters.positional().size(); i++) {
      values.put(Integer.toString(i + 1), parameters.positional().get(i));
    }
    return values;
  }

  /** A file can be called by its name without folder and suffix, as DuckDB allows it. */
  private static List<Edit> bareNames(Map<?, ?> tree, Map<String, Plan> used) {
    var edits = new ArrayList<Edit>();
    Json.walk(
        tree,
        node -> {
          if ("BASE_TABLE".equals(node.get("type"))
              && "".equals(node.get("alias"))
              && !TableReference.isReference(node)) {
            String name = unquoted(String.valueOf(node.get("table_name")));
            String bare = name.substring(name.lastIndexOf('/') + 1).replaceFirst("\\..*", "");
            if (used.get(name) instanceof Plan.Scan scan
                && scan.source() instanceof FileSource file
                && file.name().equals(name)
                && !FileGlobs.isGlob(bare)
                && !bare.isEmpty()) {
              int end =
                  ((Number) number(node.get("query_location"))).intValue()
                      + ((Number) number(node.get("query_location_length"))).intValue();
              edits.add(new Edit(end, end, " AS " + DuckDbDialect.DUCKDB.quote(bare)));
            }
          }
        });
    return edits;
  }

  private static String edited(String text, List<Edit> edits) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var result = new StringBuilder();
    int end = 0;
    for (Edit edit : edits) {
      if (edit.start() < end || edit.end() > bytes.length) {
        throw new InvalidRequest(
            "Cannot run the query: the place of a parameter or file in it is not known. Write the value.");
      }
      result.append(new String(bytes, end, edit.start() - end, StandardCharsets.UTF_8));
      result.append(edit.replacement());
      end = edit.end();
    }
    return result
        .append(new String(bytes, end, bytes.length - end, StandardCharsets.UTF_8))
        .toString();
  }

  /** The byte of the text as it was given that a byte of the edited text stems from. */
  private static int given(List<Edit> edits, int position) {
    int shift = 0;
    for (Edit edit : edits) {
      int length = edit.replacement().getBytes(StandardCharsets.UTF_8).length;
      if (position < edit.start() + shift) {
        break;
      }
      if (position < edit.start() + shift + length) {
        return edit.start();
      }
      shift += length - (edit.end() - edit.start());
    }
    return position - shift;
  }

  private List<String> columns(
      String text, List<Edit> edits, String literal, Map<String, Plan> tables) {
    String sql = Session.renderEmpty(new Plan.SqlQuery(literal, tables, List.of()));
    String before = sql.substring(0, sql.lastIndexOf("\n" + literal) + 1);
    int offset = before.getBytes(StandardCharsets.UTF_8).length;
    var user = new UserText(text, position -> given(edits, position - offset));
    Schema schema = engine.schemaOf(sql, "run the query", user);
    if (schema.fields().stream().anyMatch(f -> f.type().equals(UNKNOWN))) {
      throw new InvalidRequest(
          "Cannot run the SQL text: the columns of a PIVOT without values are not known before it"
              + " runs. Say ON column IN (…), or use a frame's pivot(…).");
    }
    return schema.names();
  }
}
