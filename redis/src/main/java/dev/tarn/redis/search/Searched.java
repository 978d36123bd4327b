package dev.tarn.redis.search;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.IndexField;
import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.scan.JsonPath;
import dev.tarn.redis.scan.KeyPattern;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.ScanSpec;
import dev.tarn.redis.scan.Tables;
import dev.tarn.type.Schema;

/**
 * A query that was written by hand: a table has the rows that it finds.
 *
 * @param query in the language of the index
 */
public record Searched(RedisIndex index, String query) {

  /** The rows that it finds, with columns of fields as their keys have them. */
  public ScanSpec table(Schema columns, ScanOptions options) {
    return Tables.of(keyType(), KeyPattern.of("*"), columns, options).of(this);
  }

  /**
   * The rows that it finds, with columns that are called as the index calls their fields.
   *
   * @throws InvalidRequest for what may be in more than one place of a JSON document
   */
  public ScanSpec tableOfFields(Schema columns) {
    boolean none = columns.fields().isEmpty();
    return table(columns, none ? ScanOptions.DEFAULT : ScanOptions.DEFAULT.withoutKey())
        .withSources(this::sourceOf);
  }

  /**
   * The first keys that it finds.
   *
   * @throws InvalidRequest when the server does not take the query
   */
  public FoundKeys first(Indexes indexes, int most) {
    return RequiredSearch.first(indexes, table(Schema.of(), ScanOptions.DEFAULT), most);
  }

  public KeyType keyType() {
    return index.keyType().orElse(KeyType.HASH);
  }

  private String sourceOf(String name) {
    return index.fields().stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .map(this::source)
        .orElseGet(() -> keyType() == KeyType.JSON ? JsonPath.member(name).toString() : name);
  }

  private String source(IndexField field) {
    if (keyType() != KeyType.JSON) {
      return field.path();
    }
    return JsonPath.parse(field.path())
        .map(JsonPath::toString)
        .orElseThrow(() ->
            new InvalidRequest(
                "Cannot read field %s of index %s: its path %s can lead to more than one place. Ask redis.search for the columns that are wanted."
                    .formatted(field.name(), index.name(), field.path())));
  }
}
