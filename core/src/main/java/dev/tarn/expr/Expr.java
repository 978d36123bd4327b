package dev.tarn.expr;

import static java.util.Objects.requireNonNull;

import dev.tarn.error.InvalidRequest;
import dev.tarn.type.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value computed for each row, or for each group of rows. A sealed tree of immutable records;
 * built with {@link dev.tarn.Columns} and the methods here, which all return a new expression.
 *
 * <p><b>Nulls</b> follow SQL: a comparison or calculation with null is null, and a filter keeps
 * only the rows for which it is true. Plain Java values given to a method become {@link Literal}s.
 */
public sealed interface Expr {

  // ---- the nodes

  /** A column of the frame, by name, without regard to case. */
  record Column(String name) implements Expr {
    public Column {
      requireNonNull(name);
    }
  }

  /** A column of one side of a join, in the condition of that join. */
  record SideColumn(Side side, String name) implements Expr {}

  /** A constant; null included. */
  record Literal(@Nullable Object value) implements Expr {}

  /** A span of calendar months, days and microseconds, as SQL has it. */
  record Interval(long months, long days, long micros) implements Expr {
    public Bound preceding() {
      return new Bound.Preceding(this);
    }

    public Bound following() {
      return new Bound.Following(this);
    }
  }

  /** {@code + - * / % //} and {@code ||}. */
  record Arithmetic(Operator operator, Expr left, Expr right) implements Expr {}

  record Negate(Expr operand) implements Expr {}

  record Comparison(Test test, Expr left, Expr right) implements Expr {}

  /** True when all are; at least two. */
  record And(List<Expr> operands) implements Expr {
    public And {
      operands = List.copyOf(operands);
    }
  }

  /** True when one is; at least two. */
  record Or(List<Expr> operands) implements Expr {
    public Or {
      operands = List.copyOf(operands);
    }
  }

  record Not(Expr operand) implements Expr {}

  record IsNull(Expr operand) implements Expr {}

  /** True when the operand equals one of the values; false for no values. */
  record In(Expr operand, List<Expr> values) implements Expr {
    public In {
      values = List.copyOf(values);
    }
  }

  /** Both ends belong to it. */
  record Between(Expr operand, Expr low, Expr high) implements Expr {}

  /** {@code %} stands for any text, {@code _} for any one character. */
  record Like(Expr operand, Expr pattern, CaseRule rule) implements Expr {}

  record Cast(Expr operand, DataType type, OnFailure onFailure) implements Expr {}

  /** The value of the first branch whose condition is true, else {@code otherwise}. */
  record Case(List<Branch> branches, Expr otherwise) implements Expr {
    public Case {
      branches = List.copyOf(branches);
    }

    /** Closes a {@code when(…).then(…)} chain: the value where no condition held. */
    public Expr otherwise(@Nullable Object value) {
      return new Case(branches, of(value));
    }

    /** Adds a branch. */
    public When when(Expr condition) {
      return new When(branches, condition);
    }
  }

  /** A scalar function of the engine. */
  record Call(String function, List<Expr> arguments) implements Expr {
    public Call {
      requireNonNull(function);
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * A function over the rows of a group, or of a window once {@link #over} is said.
   *
   * @param filter only rows for which it is true count; null for all
   * @param orderBy the order in which rows are taken; empty where it does not matter
   */
  record Aggregate(
      String function,
      List<Expr> arguments,
      boolean distinct,
      @Nullable Expr filter,
      List<SortKey> orderBy)
      implements Expr {
    public Aggregate {
      requireNonNull(function);
      arguments = List.copyOf(arguments);
      orderBy = List.copyOf(orderBy);
    }

    public static Aggregate of(String function, Expr... arguments) {
      return new Aggregate(function, List.of(arguments), false, null, List.of());
    }

    /** Each value once. */
    public Aggregate onlyDistinct() {
      return new Aggregate(function, arguments, true, filter, orderBy);
    }

    /** Only rows for which the condition is true. */
    public Aggregate where(Expr condition) {
      return new Aggregate(function, arguments, distinct, condition, orderBy);
    }

    /** Rows in this order: column names or {@link SortKey}s. */
    public Aggregate orderedBy(Object... keys) {
      return new Aggregate(function, arguments, distinct, filter, SortKey.all(keys));
    }
  }

  /** A function over the window of each row; the number of rows stays. */
  record Over(Expr function, Window window) implements Expr {}

  /** A member of a struct. */
  record Member(Expr operand, String name) implements Expr {}

  /** An element of a list or a value of a map; list positions count from 1, from -1 at the end. */
  record Element(Expr operand, Expr position) implements Expr {}

  record ListOf(List<Expr> elements) implements Expr {
    public ListOf {
      elements = List.copyOf(elements);
    }
  }

  record StructOf(List<Alias> members) implements Expr {
    public StructOf {
      members = List.copyOf(members);
    }
  }

  record Alias(Expr operand, String name) implements Expr {
    public Alias {
      requireNonNull(operand);
      requireNonNull(name);
    }
  }

  /** SQL text in the engine's dialect, taken as it is. */
  record SqlText(String text) implements Expr {
    public SqlText {
      requireNonNull(text);
    }
  }

  /**
   * A condition that a search index alone can tell, and the engine cannot: it stands in a filter,
   * by itself or under AND. See {@link dev.tarn.Columns#matches}.
   */
  record Search(Column column, SearchCondition condition) implements Expr {
    @Override
    public String toString() {
      return condition.text(column.name());
    }
  }

  enum Side {
    LEFT,
    RIGHT
  }

  enum Operator {
    PLUS("+"),
    MINUS("-"),
    TIMES("*"),
    DIVIDED_BY("/"),
    INTEGER_DIVIDED_BY("//"),
    MODULO("%"),
    CONCAT("||");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }
  }

  enum Test {
    EQ("="),
    NE("<>"),
    LT("<"),
    LE("<="),
    GT(">"),
    GE(">="),
    /** Equal, and two nulls are equal too. */
    SAME("IS NOT DISTINCT FROM"),
    DIFFERENT("IS DISTINCT FROM");

    private final String symbol;

    Test(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }
  }

  enum CaseRule {
    SENSITIVE,
    INSENSITIVE
  }

  enum OnFailure {
    /** The query fails and names the value. */
    FAIL,
    /** The value becomes null. */
    NULL
  }

  /** One condition of a {@link Case} and its value. */
  record Branch(Expr condition, Expr value) {}

  /** A condition that waits for its value: {@code when(condition).then(value)}. */
  record When(List<Branch> before, Expr condition) {
    public Case then(@Nullable Object value) {
      var branches = new ArrayList<>(before);
      branches.add(new Branch(condition, of(value)));
      return new Case(branches, new Literal(null));
    }
  }

  // ---- making one

  /** The expression itself, a list of literals for a collection, else a literal. */
  static Expr of(@Nullable Object value) {
    return switch (value) {
      case Expr expr -> expr;
      case Collection<?> values -> new ListOf(values.stream().map(Expr::of).toList());
      case Map<?, ?> ignored ->
          throw new InvalidRequest(
              "Cannot make a literal of a map. Use struct(…) or sql(\"MAP {…}\").");
      case null, default -> new Literal(value);
    };
  }

  private static Expr comparand(@Nullable Object value) {
    if (value == null) {
      throw new InvalidRequest(
          "Cannot compare with null: the answer is never true. Use isNull(), isNotNull() or same(…).");
    }
    return of(value);
  }

  // ---- comparing

  default Expr eq(Object value) {
    return new Comparison(Test.EQ, this, comparand(value));
  }

  default Expr ne(Object value) {
    return new Comparison(Test.NE, this, comparand(value));
  }

  default Expr lt(Object value) {
    return new Comparison(Test.LT, this, comparand(value));
  }

  default Expr le(Object value) {
    return new Comparison(Test.LE, this, comparand(value));
  }

  default Expr gt(Object value) {
    return new Comparison(Test.GT, this, comparand(value));
  }

  default Expr ge(Object value) {
    return new Comparison(Test.GE, this, comparand(value));
  }

  /** Equal, or both null. Never null. */
  default Expr same(@Nullable Object value) {
    return new Comparison(Test.SAME, this, of(value));
  }

  /** Not equal, or one of them null. Never null. */
  default Expr different(@Nullable Object value) {
    return new Comparison(Test.DIFFERENT, this, of(value));
  }

  /** Both ends belong to it. */
  default Expr between(Object low, Object high) {
    return new Between(this, comparand(low), comparand(high));
  }

  /** Equal to one of the values, given one by one or as a collection. */
  default Expr in(Object... values) {
    Collection<?> all =
        values.length == 1 && values[0] instanceof Collection<?> c ? c : Arrays.asList(values);
    return new In(this, all.stream().map(Expr::comparand).toList());
  }

  default Expr isNull() {
    return new IsNull(this);
  }

  default Expr isNotNull() {
    return new Not(new IsNull(this));
  }

  // ---- boolean

  default Expr and(Expr other) {
    var operands = new ArrayList<Expr>(this instanceof And a ? a.operands() : List.of(this));
    operands.addAll(other instanceof And a ? a.operands() : List.of(other));
    return new And(operands);
  }

  default Expr or(Expr other) {
    var operands = new ArrayList<Expr>(this instanceof Or o ? o.operands() : List.of(this));
    operands.addAll(other instanceof Or o ? o.operands() : List.of(other));
    return new Or(operands);
  }

  default Expr not() {
    return new Not(this);
  }

  // ---- arithmetic

  default Expr plus(Object value) {
    return new Arithmetic(Operator.PLUS, this, of(value));
  }

  default Expr minus(Object value) {
    return new Arithmetic(Operator.MINUS, this, of(value));
  }

  default Expr times(Object value) {
    return new Arithmetic(Operator.TIMES, this, of(value));
  }

  /** Division in floating point, as {@code /} is; by zero it is infinite, or NaN. */
  default Expr dividedBy(Object value) {
    return new Arithmetic(Operator.DIVIDED_BY, this, of(value));
  }

  /** Division of whole numbers; by zero it fails. */
  default Expr integerDividedBy(Object value) {
    return new Arithmetic(Operator.INTEGER_DIVIDED_BY, this, of(value));
  }

  default Expr modulo(Object value) {
    return new Arithmetic(Operator.MODULO, this, of(value));
  }

  default Expr negate() {
    return new Negate(this);
  }

  default Expr abs() {
    return call("abs");
  }

  /** Rounded half away from zero to a number of decimal places. */
  default Expr round(int places) {
    return call("round", places);
  }

  default Expr floor() {
    return call("floor");
  }

  default Expr ceil() {
    return call("ceil");
  }

  // ---- text

  default Expr concat(Object value) {
    return new Arithmetic(Operator.CONCAT, this, of(value));
  }

  default Expr lower() {
    return call("lower");
  }

  default Expr upper() {
    return call("upper");
  }

  default Expr trim() {
    return call("trim");
  }

  /** Characters (not bytes) of a text, or elements of a list. */
  default Expr length() {
    return call("len");
  }

  /**
   * A part of a text.
   *
   * @param from the first character, counted from 1
   * @param length in characters
   */
  default Expr substring(int from, int length) {
    return call("substring", from, length);
  }

  default Expr contains(Object part) {
    return call("contains", part);
  }

  default Expr startsWith(Object prefix) {
    return call("starts_with", prefix);
  }

  default Expr endsWith(Object suffix) {
    return call("ends_with", suffix);
  }

  default Expr replace(Object what, Object with) {
    return call("replace", what, with);
  }

  /** A list of the parts between separators. */
  default Expr split(Object separator) {
    return call("string_split", separator);
  }

  default Expr like(String pattern) {
    return new Like(this, of(pattern), CaseRule.SENSITIVE);
  }

  /** {@link #like} without regard to case. */
  default Expr ilike(String pattern) {
    return new Like(this, of(pattern), CaseRule.INSENSITIVE);
  }

  /** Whether a regular expression (RE2 syntax) matches anywhere in the text. */
  default Expr matchesRegex(String regex) {
    return call("regexp_matches", regex);
  }

  /** The part of the text that a group of a regular expression matched; empty when none did. */
  default Expr extractRegex(String regex, int group) {
    return call("regexp_extract", regex, group);
  }

  // ---- date and time

  default Expr year() {
    return call("year");
  }

  default Expr quarter() {
    return call("quarter");
  }

  /** 1 to 12. */
  default Expr month() {
    return call("month");
  }

  /** Day of the month, 1 to 31. */
  default Expr day() {
    return call("day");
  }

  /** ISO day of the week: 1 is Monday, 7 is Sunday. */
  default Expr weekday() {
    return call("isodow");
  }

  default Expr hour() {
    return call("hour");
  }

  default Expr minute() {
    return call("minute");
  }

  /**
   * The start of the period the value lies in.
   *
   * @param unit year, quarter, month, week (from Monday), day, hour, minute, second
   */
  default Expr truncatedTo(String unit) {
    return new Call("date_trunc", List.of(of(unit), this));
  }

  /** Whole units passed from this to another date or time. */
  default Expr until(Object end, String unit) {
    return new Call("date_diff", List.of(of(unit), this, of(end)));
  }

  /** Text in a strftime pattern, e.g. {@code %Y-%m-%d}. */
  default Expr format(String pattern) {
    return call("strftime", pattern);
  }

  /** A timestamp from text in a strptime pattern; a text that does not fit fails the query. */
  default Expr parseTimestamp(String pattern) {
    return call("strptime", pattern);
  }

  // ---- the rest

  /** The value as another type; a value that does not fit fails the query. */
  default Expr cast(DataType type) {
    return new Cast(this, type, OnFailure.FAIL);
  }

  /** The value as another type; null where it does not fit. */
  default Expr tryCast(DataType type) {
    return new Cast(this, type, OnFailure.NULL);
  }

  /** The first of the values that is not null. */
  default Expr orElse(Object... values) {
    return call("coalesce", values);
  }

  /** Null where it equals the value. */
  default Expr nullIf(Object value) {
    return call("nullif", value);
  }

  /** A member of a struct. */
  default Expr member(String name) {
    return new Member(this, name);
  }

  /** An element of a list, from 1, or from -1 backwards; the value of a key for a map. */
  default Expr element(Object position) {
    return new Element(this, of(position));
  }

  /** A scalar function of the engine, with this as the first argument. */
  default Expr call(String function, Object... rest) {
    var arguments = new ArrayList<Expr>(List.of(this));
    for (Object argument : rest) {
      arguments.add(of(argument));
    }
    return new Call(function, arguments);
  }

  /** This function or aggregate over a window. */
  default Expr over(Window window) {
    return new Over(this, window);
  }

  /** Gives the column a name. */
  default Alias as(String name) {
    return new Alias(this instanceof Alias a ? a.operand() : this, name);
  }

  /** The name the column has or was given, a cast keeps it; empty for any other expression. */
  default Optional<String> outputName() {
    return switch (this) {
      case Alias alias -> Optional.of(alias.name());
      case Column column -> Optional.of(column.name());
      case Member member -> Optional.of(member.name());
      case Cast cast -> cast.operand().outputName();
      default -> Optional.empty();
    };
  }

  /** The expressions directly below, in order. */
  default List<Expr> children() {
    return Children.of(this);
  }
}
