package dev.tarn.redis.search;

import static dev.tarn.Columns.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.expr.Expr;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.scan.KeyPattern;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.ScanSpec;
import dev.tarn.redis.scan.Tables;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How an index that would help is made, where there is version 2 of the search module. */
class ProposalTest {

  private static final Schema DOCUMENT =
      Schema.of(
          "price",
          DataType.DOUBLE,
          "kind",
          DataType.VARCHAR,
          "a b",
          DataType.BIGINT,
          "t",
          DataType.TIMESTAMP);

  private static Proposal of(String pattern, List<String> taken, Expr... filters) {
    ScanSpec spec = Tables.of(KeyType.JSON, KeyPattern.of(pattern), DOCUMENT, ScanOptions.DEFAULT);
    return Proposal.of(spec, List.of(filters), true, taken);
  }

  @Test
  void membersOfDocumentsAreFieldsByTheirPaths() {
    Proposal proposal =
        of("doc:*", List.of(), col("price").gt(5), col("kind").in("x", "y"), col("a b").eq(1L));
    assertThat(proposal.made())
        .isEqualTo(
            "redis.createIndex(\"doc_idx\", \"doc:\", IndexField.numeric(\"price\").at(\"$.price\"), IndexField.tag(\"kind\").at(\"$.kind\"), IndexField.numeric(\"a b\").at(\"$[\\\"a b\\\"]\"))");
    assertThat(proposal.shown().command())
        .isEqualTo(
            "FT.CREATE doc_idx ON JSON PREFIX 1 doc: SCHEMA '$.price' AS price NUMERIC '$.kind' AS kind TAG SEPARATOR ',' '$[\"a b\"]' AS 'a b' NUMERIC");
  }

  @Test
  void itsNameIsFree() {
    Expr filter = col("price").gt(5);
    assertThat(of("*", List.of(), filter).index().name()).isEqualTo("keys_idx");
    assertThat(of("a:b:*", List.of("a_b_idx", "a_b_idx2"), filter).index().name())
        .isEqualTo("a_b_idx3");
  }

  @Test
  void whatNoIndexFindsIsLeft() {
    Proposal proposal = of("doc:*", List.of(), col("kind").like("%x"), col("t").isNotNull());
    assertThat(proposal.isEmpty()).isTrue();
    assertThat(proposal.reasons()).isNotEmpty();
  }
}
