package dev.tarn.duckdb;

import dev.tarn.sql.DuckDbDialect;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

  /** What DuckDB's parser makes of a keyword. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "current_timestamp", "get_current_timestamp",
          "localtimestamp", "current_localtimestamp");

  private QueryTime() {}

  /** Whether a query may ask for something else that differs between instances. */
  static boolean isBeyondControl(String sql) {
    return OTHER.matcher(sql).find();
  }

  /**
   * Statements that make a connection take this moment for now, wherever the query asks for it.
   * Each takes a quarter of a millisecond, so only those are made that the query needs.
   */
  static String pin(Instant now, String sql) {
    Instant moment = now.truncatedTo(ChronoUnit.MICROS);
    LocalDateTime utc = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
    return PINNED
        .matcher(sql)
        .results()
        .map(match -> match.group().toLowerCase(Locale.ROOT))
        .map(name -> OTHER_NAMES.getOrDefault(name, name))
        .distinct()
        .map(name -> macro(name, moment, utc))
        .collect(Collectors.joining());
  }

  private static String macro(String name, Instant moment, LocalDateTime utc) {
    Object value =
        switch (name) {
          case "current_date", "today" -> utc.toLocalDate();
          case "current_localtimestamp" -> utc;
          default -> moment;
        };
    return "CREATE OR REPLACE TEMP MACRO %s() AS %s;"
        .formatted(name, DuckDbDialect.DUCKDB.literal(value));
  }
}
