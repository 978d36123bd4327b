package dev.tarn.cli.demo;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.lit;
import static dev.tarn.lake.Options.identity;
import static dev.tarn.lake.Options.partitionedBy;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.lake.Dataset;

/** What a dataset is for; like {@link Questions}, its code is what the demo prints. */
final class Versions {

  private final Tarn tarn;
  private final Frame customers;

  /** Begins anew where an earlier demo has left its dataset. */
  Versions(Tarn tarn, Frame customers) {
    this.tarn = tarn;
    this.customers = customers;
    if (tarn.lake().contains("accounts")) {
      tarn.lake().dropAndPurge("accounts");
    }
  }

  /** Customers change. A dataset takes rows by key, whole or not at all, and keeps what was. */
  Frame beforeAndAfter() {
    Dataset accounts = tarn.create("accounts", customers, partitionedBy(identity("segment")));
    long before = accounts.history().getLast().snapshot();

    accounts.append(tarn.sql("SELECT 0 AS customer_id, 'Zoe Lind' AS name, 'school' AS segment"));
    Frame promoted = customers.filter(col("customer_id").le(100));
    accounts.merge(promoted.withColumns(lit("business").as("segment"))).on("customer_id").upsert();

    Frame was = accounts.at(before).groupBy("segment").agg(count().as("before"));
    Frame is = accounts.frame().groupBy("segment").agg(count().as("now"));
    return was.join(is, "segment").sort("segment");
  }
}
