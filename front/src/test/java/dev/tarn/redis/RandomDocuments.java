package dev.tarn.redis;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Hashes with what an index may stumble over, and conditions on them. */
final class RandomDocuments {

  private static final List<String> WORDS =
      List.of(
          "active",
          "Active",
          "away",
          "a",
          "the",
          "vip",
          "",
          " ",
          "-",
          "*",
          "x*",
          "a,b",
          "a, b",
          "b,a",
          " active",
          "active ",
          "a|b",
          "(a)",
          "{a}",
          "{a|b}",
          "[1 2]",
          "@n:[0 1]",
          "it's",
          "\"q\"",
          "a\\b",
          "\\",
          "a b",
          "a  b",
          "$p",
          "%a%",
          "~a",
          "a:b",
          "a;b",
          "1",
          "1.5",
          "-7",
          "inf",
          "nan",
          "no",
          "über",
          "Über",
          "ÜBER",
          "日本 語",
          "😀",
          "a\tb",
          "x) | (@n:[-inf +inf]",
          "x} | @n:[-inf +inf]",
          "_",
          "a_b",
          "1e5",
          ",",
          ",,a",
          "=>{$weight:1}",
          "null",
          "\u00a0a");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "1",
          "-1",
          "007",
          "+5",
          "42",
          "255",
          "256",
          "9007199254740991",
          "9007199254740992",
          "9007199254740993",
          "-9007199254740993",
          "9223372036854775807",
          "-9223372036854775808",
          "16777217",
          "1000000000000000001");

  private static final List<String> DECIMALS =
      List.of(
          "0.1",
          "10.1",
          "1.005",
          "-1.005",
          "99999999.9999",
          "0.0001",
          "-0.0001",
          "1e3",
          "1.5e-2",
          "12345678901234567890.1234",
          "-12345678901234567890.1234",
          "16777216.5",
          "0.3",
          ".5",
          "5.",
          "33554433.01",
          "2147483648.1");

  /** What the module takes for numbers. */
  static final List<String> REALS =
      List.of(
          "0",
          "-0.0",
          "0.1",
          "0.3",
          "0.30000000000000004",
          "1e3",
          "-1E-3",
          "1e308",
          "5e-324",
          "-5e-324",
          "2.2250738585072014e-308",
          "16777216",
          "16777217",
          "16777219",
          "9007199254740993",
          "-9007199254740995",
          "9223372036854775807",
          "3.4028236e38",
          "+5",
          ".5",
          "5.",
          "-7.125",
          "42",
          "inf",
          "0x10",
          "-0X1.8p1",
          "-0X1p3");

  /** What it does not take, which is in no index. */
  private static final List<String> UNREAL =
      List.of("NaN", "nan", " 1", "1 ", "", "text", "1e309", "-inf", "Infinity", "1e", "1_0");

  private static final List<String> REAL_CONSTANTS =
      List.of(
          "0.1::DOUBLE + 0.2",
          "0.1",
          "0.3",
          "0.3::FLOAT",
          "-0.0",
          "0",
          "1000",
          "1e308",
          "1e308::DOUBLE",
          "5e-324",
          "5e-324::DOUBLE",
          "16777217",
          "16777217::FLOAT",
          "16777218.5",
          "9007199254740993",
          "-9007199254740995",
          "9223372036854775807",
          "'NaN'::DOUBLE",
          "'inf'::DOUBLE",
          "'-inf'::FLOAT",
          "-7.125",
          "16");

  private static final List<String> TRUTHS =
      List.of("true", "FALSE", "1", "0", "Yes", "no", "t", "N");

  private final Random random;

  RandomDocuments(Random random) {
    this.random = random;
  }

  /**
   * Fields: n BIGINT, d DECIMAL(38,4), s VARCHAR, p VARCHAR, b BOOLEAN, f DOUBLE, g FLOAT, h
   * DOUBLE, r BIGINT.
   */
  Map<String, Map<String, String>> documents(int count) {
    var documents = new LinkedHashMap<String, Map<String, String>>();
    for (int i = 0; i < count; i++) {
      var fields = new LinkedHashMap<String, String>();
      put(fields, "n", number());
      put(fields, "d", random.nextBoolean() ? pick(DECIMALS) : number());
      put(fields, "s", text());
      put(fields, "p", text());
      put(fields, "b", pick(TRUTHS));
      put(fields, "f", real());
      put(fields, "g", real());
      put(fields, "h", random.nextBoolean() ? real() : pick(UNREAL));
      fields.put("r", Integer.toString(i));
      documents.put("doc:" + i, fields);
    }
    return documents;
  }

  private void put(Map<String, String> fields, String name, String value) {
    if (random.nextInt(5) > 0) {
      fields.put(name, value);
    }
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  String text() {
    return switch (random.nextInt(4)) {
      case 0 -> pick(WORDS) + pick(List.of(",", "|", " ", "")) + pick(WORDS);
      case 1 -> garbage();
      default -> pick(WORDS);
    };
  }

  private String garbage() {
    return random
        .ints(1 + random.nextInt(8), 1, 0x250)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private String real() {
    return random.nextInt(3) == 0 ? Double.toString(random.nextInt(2000) * 0.01 - 10) : pick(REALS);
  }

  private String number() {
    return random.nextInt(3) == 0 ? Integer.toString(random.nextInt(200) - 100) : pick(NUMBERS);
  }

  // ---- conditions

  String condition() {
    return condition(2);
  }

  private String condition(int depth) {
    int kind = random.nextInt(depth == 0 ? 8 : 12);
    return switch (kind) {
      case 0, 1 -> "n " + test() + " " + constant();
      case 2 -> "d " + test() + " " + constant();
      case 3, 4 -> pick(List.of("s", "p")) + " = " + quoted(text());
      case 5 -> pick(List.of("s", "p")) + " IN (" + list(() -> quoted(text())) + ")";
      case 6 -> other();
      case 7 -> real(pick(List.of("f", "f", "g", "h")));
      case 8 -> "(" + condition(depth - 1) + " OR " + condition(depth - 1) + ")";
      case 9 -> "NOT (" + condition(depth - 1) + ")";
      default -> "(" + condition(depth - 1) + " AND " + condition(depth - 1) + ")";
    };
  }

  private String other() {
    return switch (random.nextInt(9)) {
      case 0 -> "n IN (" + list(this::constant) + ")";
      case 1 -> "n BETWEEN " + constant() + " AND " + constant();
      case 2 -> "d BETWEEN " + constant() + " AND " + constant();
      case 3 -> "b";
      case 4 -> "NOT b";
      case 5 -> "n IS NOT NULL";
      case 6 -> "d IS NULL";
      case 7 -> "s LIKE " + quoted(text() + "%");
      default -> "s <> " + quoted(text());
    };
  }

  private String real(String column) {
    return column
        + switch (random.nextInt(8)) {
          case 0 -> " IN (" + list(this::realConstant) + ")";
          case 1 -> " BETWEEN " + realConstant() + " AND " + realConstant();
          case 2 -> " IS NULL";
          case 3 -> " IS NOT NULL";
          default -> " " + test() + " " + realConstant();
        };
  }

  private String realConstant() {
    return random.nextInt(3) == 0
        ? Double.toString(random.nextInt(2000) * 0.01 - 10)
        : pick(REAL_CONSTANTS);
  }

  private String list(java.util.function.Supplier<String> element) {
    var elements = new ArrayList<String>();
    for (int i = 0; i <= random.nextInt(6); i++) {
      elements.add(element.get());
    }
    return String.join(", ", elements);
  }

  private String test() {
    return pick(List.of("=", "<", "<=", ">", ">=", "<>", "IS NOT DISTINCT FROM"));
  }

  private String constant() {
    String text = random.nextInt(3) == 0 ? pick(DECIMALS) : number();
    return new BigDecimal(text).toPlainString();
  }

  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
