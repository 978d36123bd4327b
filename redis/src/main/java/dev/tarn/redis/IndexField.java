package dev.tarn.redis;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.VectorOptions.Algorithm;
import dev.tarn.redis.VectorOptions.Metric;
import dev.tarn.redis.VectorOptions.Precision;
import java.util.Optional;

/**
 * A field of a search index.
 *
 * @param name what queries call it
 * @param path the field of a hash, or the path in a JSON document
 * @param type what it is indexed as
 * @param separator between the tags of a value; empty where a value is one tag, and for other types
 * @param caseSensitive whether tags that differ in case are different
 * @param sortable whether the index keeps its values
 * @param searchable false where the index only keeps its values
 * @param vectors what they are, where it has vectors and the server tells; empty for other types
 */
public record IndexField(
    String name,
    String path,
    Type type,
    Optional<Character> separator,
    boolean caseSensitive,
    boolean sortable,
    boolean searchable,
    Optional<VectorOptions> vectors) {

  /** What values are indexed as. */
  public enum Type {
    NUMERIC,
    /** Words that are looked for as a whole. */
    TAG,
    /** Full text. */
    TEXT,
    GEO,
    /** Lists of numbers, of which those near another are looked for. */
    VECTOR,
    /** A type that is not known here. */
    OTHER
  }

  public IndexField {
    if (name.isEmpty() || path.isEmpty()) {
      throw new InvalidRequest("Cannot index a field without a name. Give one.");
    }
    if (vectors.isPresent() && type != Type.VECTOR) {
      throw new InvalidRequest(
          "Cannot index %s as %s with vectors. Make it by vector(…).".formatted(name, type));
    }
  }

  private static IndexField of(String name, Type type, Optional<Character> separator) {
    return new IndexField(name, name, type, separator, false, false, true, Optional.empty());
  }

  /** Numbers, for {@code =}, {@code <}, {@code BETWEEN} and their like. */
  public static IndexField numeric(String name) {
    return of(name, Type.NUMERIC, Optional.empty());
  }

  /** Words, for {@code =} and {@code IN}; several in a value by commas. */
  public static IndexField tag(String name) {
    return of(name, Type.TAG, Optional.of(','));
  }

  /** Full text. */
  public static IndexField text(String name) {
    return of(name, Type.TEXT, Optional.empty());
  }

  /** {@code longitude,latitude}. */
  public static IndexField geo(String name) {
    return of(name, Type.GEO, Optional.empty());
  }

  /**
   * Vectors, for {@code nearest}: in hashes their bytes, the lowest first, in JSON documents lists
   * of numbers.
   *
   * @param dimensions how many numbers each has
   * @param metric what is called near
   * @throws InvalidRequest when there are no dimensions
   */
  public static IndexField vector(
      String name, Algorithm algorithm, Precision precision, int dimensions, Metric metric) {
    var vectors = new VectorOptions(algorithm, precision, dimensions, metric);
    return new IndexField(
        name, name, Type.VECTOR, Optional.empty(), false, false, true, Optional.of(vectors));
  }

  /** The same of another field, or of a path in JSON documents: {@code $.price}. */
  public IndexField at(String path) {
    return new IndexField(
        name, path, type, separator, caseSensitive, sortable, searchable, vectors);
  }

  /** What stands between the tags of a value. */
  public IndexField separator(char between) {
    return new IndexField(
        name, path, type, Optional.of(between), caseSensitive, sortable, searchable, vectors);
  }

  /** Tags that differ in case are different. */
  public IndexField asWritten() {
    return new IndexField(name, path, type, separator, true, sortable, searchable, vectors);
  }

  /**
   * The index keeps the values, to sort by.
   *
   * @throws InvalidRequest for vectors, which have no order
   */
  public IndexField kept() {
    if (type == Type.VECTOR) {
      throw new InvalidRequest(
          "Cannot keep the values of field %s to sort by: vectors have no order. Leave out kept()."
              .formatted(name));
    }
    return new IndexField(name, path, type, separator, caseSensitive, true, searchable, vectors);
  }
}
