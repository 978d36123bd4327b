package dev.tarn.redis.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import dev.tarn.redis.IndexField;
import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.VectorOptions;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.ServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks at, makes and drops indexes. */
public final class IndexAdmin {

  private static final Command PING = Command.of("PING");
  static final Command FT_CREATE = Command.of("FT.CREATE");
  private static final Command FT_DROP = Command.of("FT.DROP");
  private static final Command FT_DROPINDEX = Command.of("FT.DROPINDEX");

  private final Indexes indexes;

  public IndexAdmin(Indexes indexes) {
    this.indexes = indexes;
  }

  /** All that the server lists, as they are now. */
  public List<RedisIndex> all() {
    return asked(link -> {
      Catalog listed = indexes.list(link);
      if (listed.module() == Catalog.Module.NEW) {
        return listed.indexes();
      }
      requireModule(link.call(Indexes.FT_INFO, "?".getBytes(UTF_8)), "list indexes");
      throw new InvalidRequest(
          "Cannot list indexes: version 1 of the search module does not. Ask for one by its name.");
    });
  }

  /** One, as it is now; empty where there is none of the name. */
  public Optional<RedisIndex> find(String name) {
    return asked(link -> {
      Object reply = link.call(Indexes.FT_INFO, name.getBytes(UTF_8));
      requireModule(reply, "look at index " + name);
      return reply instanceof ServerError
          ? Optional.empty()
          : Optional.of(IndexReply.parse(name, reply));
    });
  }

  /** What the server has, and which version it is; the index of the name of version 1. */
  Catalog catalog(Optional<String> named) {
    return asked(link -> indexes.catalog(() -> link, named));
  }

  /** Makes one of hashes, or of JSON documents where fields are paths in them. */
  public void create(String name, List<String> prefixes, List<IndexField> fields) {
    String what = "create index " + name;
    if (fields.isEmpty()) {
      throw new InvalidRequest("Cannot %s: it has no fields. Give one.".formatted(what));
    }
    asked(link -> {
      if (isOld(link, what)) {
        fields.forEach(field -> requireOldType(what, field));
        throw new InvalidRequest(
            "Cannot %s: indexes of version 1 of the search module follow no keys. Make it by FT.CREATE, add documents by FT.ADDHASH, and name it by index(…)."
                .formatted(what));
      }
      return done(what, link.call(FT_CREATE, SearchCommands.bytes(words(name, prefixes, fields))));
    });
    indexes.forget();
  }

  private static void requireOldType(String what, IndexField field) {
    if (field.type() == IndexField.Type.VECTOR) {
      throw new InvalidRequest(
          "Cannot %s: version 1 of the search module has no vectors, which field %s is of. Use a server with version 2.4 or later."
              .formatted(what, field.name()));
    }
  }

  /** What is sent to make one, without the name of the command. */
  static List<String> words(String name, List<String> prefixes, List<IndexField> fields) {
    boolean json = fields.stream().anyMatch(field -> field.path().startsWith("$"));
    var words = new ArrayList<>(List.of(name, "ON", json ? "JSON" : "HASH", "PREFIX"));
    words.add(Integer.toString(prefixes.size()));
    words.addAll(prefixes);
    words.add("SCHEMA");
    fields.forEach(field -> {
      words.addAll(List.of(field.path(), "AS"));
      addField(field, words);
    });
    return words;
  }

  /** What is sent to make one of version 1, which follows no keys. */
  static List<String> oldWords(String name, List<IndexField> fields) {
    var words = new ArrayList<>(List.of(name, "SCHEMA"));
    fields.forEach(field -> addField(field, words));
    return words;
  }

  private static void addField(IndexField field, List<String> words) {
    words.addAll(List.of(field.name(), field.type().name()));
    if (field.type() == IndexField.Type.TAG) {
      field.separator().ifPresent(c -> words.addAll(List.of("SEPARATOR", c.toString())));
      if (field.caseSensitive()) {
        words.add("CASESENSITIVE");
      }
    }
    field.vectors().ifPresent(vectors -> words.addAll(vectorWords(vectors)));
    if (field.sortable()) {
      words.add("SORTABLE");
    }
    if (!field.searchable()) {
      words.add("NOINDEX");
    }
  }

  /** How they are found, and what they are: the number of words that follow stands before those. */
  private static List<String> vectorWords(VectorOptions vectors) {
    List<String> kind =
        List.of(
            "TYPE",
            vectors.precision().name(),
            "DIM",
            Integer.toString(vectors.dimensions()),
            "DISTANCE_METRIC",
            vectors.metric().name());
    var words = new ArrayList<>(List.of(vectors.algorithm().name(), Integer.toString(kind.size())));
    words.addAll(kind);
    return words;
  }

  /**
   * Drops one.
   *
   * @param withKeys whether the keys that it has are deleted too
   */
  public void drop(String name, boolean withKeys) {
    String what = "drop index " + name;
    asked(link -> {
      boolean old = isOld(link, what);
      var words = new ArrayList<>(List.of(name));
      if (old && !withKeys) {
        words.add("KEEPDOCS");
      } else if (!old && withKeys) {
        words.add("DD");
      }
      return done(what, link.call(old ? FT_DROP : FT_DROPINDEX, SearchCommands.bytes(words)));
    });
    indexes.forget();
  }

  private static boolean done(String what, @Nullable Object reply) {
    if (reply instanceof ServerError error) {
      throw new InvalidRequest(
          "Cannot %s: the server answered: %s. Change the request.".formatted(what, error.brief()));
    }
    return true;
  }

  /** Version 1 does not list its indexes. */
  private boolean isOld(Link link, String what) {
    boolean old = link.call(Indexes.FT_LIST) instanceof ServerError;
    if (old) {
      requireModule(link.call(Indexes.FT_INFO, "?".getBytes(UTF_8)), what);
    }
    return old;
  }

  private void requireModule(@Nullable Object info, String what) {
    if (Indexes.isUnknownCommand(info)) {
      throw new InvalidRequest(
          "Cannot %s: the server has no search module, or the user may not use it. Load the module. [%s]"
              .formatted(what, indexes.servers().name()));
    }
  }

  /** One that was kept may have ended meanwhile, which is known before anything is asked for. */
  private Borrowed connected() {
    Borrowed kept = indexes.connect();
    try {
      kept.link().call(PING);
      return kept;
    } catch (LostConnection e) {
      kept.close();
      return indexes.connect();
    }
  }

  private <T> T asked(Function<Link, T> body) {
    try (Borrowed connection = connected()) {
      return body.apply(connection.link());
    } catch (LostConnection e) {
      throw new Unavailable(
          "Cannot ask for indexes: %s. Check that the server runs. [%s]"
              .formatted(e.getMessage(), indexes.servers().name()),
          e);
    }
  }
}
