package dev.tarn.cli.demo;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.desc;
import static dev.tarn.Columns.sum;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.VARCHAR;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.redis.Redis;
import dev.tarn.type.Schema;
import java.time.Duration;

/** What is live in Redis, joined with what is in the lake; its code is what the demo prints. */
final class LiveData {

  private final Tarn tarn;
  private final Redis redis;

  LiveData(Tarn tarn, Redis redis) {
    this.tarn = tarn;
    this.redis = redis;
  }

  /** Writes a session for every tenth customer: who is in the shop now, and where. */
  void openSessions() {
    Frame sessions =
        tarn.sql(
            """
            SELECT customer_id, ['cart', 'home', 'search', 'toys'][1 + CAST(hash(customer_id) % 4 AS INTEGER)] AS page
            FROM customers WHERE customer_id % 10 = 0
            """);
    sessions
        .withColumns(col("customer_id").as("id"))
        .write(redis.toHashes("session:").key("id").ttl(Duration.ofMinutes(30)));
  }

  /** What have those who are in the shop right now spent so far, by the page they look at? */
  Frame inTheShop() {
    Schema session = Schema.of("customer_id", BIGINT, "page", VARCHAR);
    Frame spent = tarn.table("sales").groupBy("customer_id").agg(sum("amount").as("spent"));
    return redis
        .hashes("session:*", session)
        .join(spent, "customer_id")
        .join(tarn.table("accounts").select("customer_id", "segment"), "customer_id")
        .groupBy("page", "segment")
        .agg(count().as("sessions"), sum("spent").as("spent"))
        .sort(desc("spent"))
        .limit(6);
  }
}
