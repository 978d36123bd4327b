package dev.tarn.duckdb;

import dev.tarn.sql.DuckDbDialect;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * Functions that the optimizer computes once for a query, so that the planning instance and the one
 * that runs it would come to different values. The time of day is made the same for both.
 */
final class QueryTime {

  private static final Pattern PINNED =
      Pattern.compile(
          "(?i)\\b(now|today|current_date|current_timestamp|get_current_timestamp"
              + "|transaction_timestamp|localtimestamp|current_localtimestamp)\\b");

  private static final Pattern OTHER =
      Pattern.compile(
          "(?is)\\b(current_time|localtime|get_current_time|current_localtime|current_setting"
              + "|txid_current|getvariable|pg_postmaster_start_time|pg_conf_load_time)\\b"
              + "|\\b(age|ago)\\b\"?(\\s|/\\*.*?\\*/|--[^\\n]*\\n)*\\(");

  private QueryTime() {}

  /** Whether a query may ask for the time of day. */
  static boolean isIn(String sql) {
    return PINNED.matcher(sql).find();
  }

  /** Whether a query may ask for something else that differs between instances. */
  static boolean isBeyondControl(String sql) {
    return OTHER.matcher(sql).find();
  }

  /** Statements that make a connection take this moment for now. */
  static String pin(Instant now) {
    Instant moment = now.truncatedTo(ChronoUnit.MICROS);
    LocalDateTime utc = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
    String zoned = DuckDbDialect.DUCKDB.literal(moment);
    String local = DuckDbDialect.DUCKDB.literal(utc);
    String day = DuckDbDialect.DUCKDB.literal(utc.toLocalDate());
    return macro("now", zoned)
        + macro("get_current_timestamp", zoned)
        + macro("transaction_timestamp", zoned)
        + macro("current_timestamp", zoned)
        + macro("current_localtimestamp", local)
        + macro("localtimestamp", local)
        + macro("current_date", day)
        + macro("today", day);
  }

  private static String macro(String name, String value) {
    return "CREATE OR REPLACE TEMP MACRO \"" + name + "\"() AS " + value + ";";
  }
}
