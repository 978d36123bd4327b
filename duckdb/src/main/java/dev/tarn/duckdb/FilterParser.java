package dev.tarn.duckdb;

import dev.tarn.expr.Expr;
import dev.tarn.expr.Expr.CaseRule;
import dev.tarn.expr.Expr.OnFailure;
import dev.tarn.expr.Expr.Operator;
import dev.tarn.expr.Expr.Test;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB's tree of a filter as an expression over a source's columns, or nothing where it is not
 * certain to mean the same.
 */
final class FilterParser {

  /** What becomes of an expression's value. */
  private enum Use {
    /** Rows for which it is true are kept: rows too many do no harm. */
    KEEPS,
    /** It goes into something else, and must be exact. */
    VALUE
  }

  /**
   * Functions that mean the same each time, and on each engine that has them. A source uses those
   * that it knows.
   */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "abs",
          "ceil",
          "coalesce",
          "concat",
          "contains",
          "date_diff",
          "date_part",
          "date_trunc",
          "day",
          "ends_with",
          "floor",
          "hour",
          "isodow",
          "left",
          "len",
          "length",
          "lower",
          "ltrim",
          "minute",
          "month",
          "prefix",
          "quarter",
          "regexp_full_match",
          "regexp_matches",
          "replace",
          "reverse",
          "right",
          "rtrim",
          "second",
          "starts_with",
          "strlen",
          "substring",
          "suffix",
          "trim",
          "upper",
          "year");

  private static final Map<String, DataType> RESULTS =
      Map.of(
          "concat", DataType.VARCHAR,
          "lower", DataType.VARCHAR,
          "upper", DataType.VARCHAR,
          "trim", DataType.VARCHAR,
          "replace", DataType.VARCHAR,
          "substring", DataType.VARCHAR,
          "len", DataType.BIGINT,
          "length", DataType.BIGINT,
          "strlen", DataType.BIGINT,
          "year", DataType.BIGINT);

  private static final Map<String, Operator> ARITHMETIC =
      Map.of(
          "+", Operator.PLUS,
          "-", Operator.MINUS,
          "*", Operator.TIMES,
          "/", Operator.DIVIDED_BY,
          "//", Operator.INTEGER_DIVIDED_BY,
          "%", Operator.MODULO,
          "||", Operator.CONCAT);

  private static final Map<String, Test> TESTS =
      Map.of(
          "COMPARE_EQUAL", Test.EQ,
          "COMPARE_NOTEQUAL", Test.NE,
          "COMPARE_LESSTHAN", Test.LT,
          "COMPARE_LESSTHANOREQUALTO", Test.LE,
          "COMPARE_GREATERTHAN", Test.GT,
          "COMPARE_GREATERTHANOREQUALTO", Test.GE,
          "COMPARE_NOT_DISTINCT_FROM", Test.SAME,
          "COMPARE_DISTINCT_FROM", Test.DIFFERENT);

  private final Schema schema;
  private final StubColumns columns;

  /**
   * A parser of filters on one source.
   *
   * @param columns how the source's columns are called in them
   */
  FilterParser(Schema schema, StubColumns columns) {
    this.schema = schema;
    this.columns = columns;
  }

  /** An expression, and its type as far as it is known. */
  private record Typed(Expr expr, @Nullable DataType type) {}

  /** The operands of AND in a tree; the tree itself when it is none. */
  static List<Map<?, ?>> conjuncts(Map<?, ?> node) {
    if (!"CONJUNCTION_AND".equals(node.get("type"))) {
      return List.of(node);
    }
    return Json.array(node.get("children")).stream()
        .flatMap(child -> conjuncts(Json.object(child)).stream())
        .<Map<?, ?>>map(child -> child)
        .toList();
  }

  /**
   * The filter as an expression that is true at least where the filter is.
   *
   * @throws NotUnderstood when it has none
   */
  Expr filter(Map<?, ?> node) {
    return typed(node, Use.KEEPS).expr();
  }

  private Typed typed(Map<?, ?> node, Use use) {
    return switch (String.valueOf(node.get("class"))) {
      case "COLUMN_REF" -> column(node);
      case "CAST" -> cast(node);
      case "COMPARISON" -> truth(comparison(node, use));
      case "BETWEEN" -> truth(between(node, use));
      case "CONJUNCTION" -> truth(conjunction(node, use));
      case "OPERATOR" -> operator(node, use);
      case "CASE" -> caseOf(node);
      case "FUNCTION" -> function(node);
      default -> throw new NotUnderstood();
    };
  }

  private static Typed truth(Expr expr) {
    return new Typed(expr, DataType.BOOLEAN);
  }

  private Expr value(@Nullable Object node) {
    return typed(Json.object(node), Use.VALUE).expr();
  }

  // ---- columns and constants

  private Typed column(Map<?, ?> node) {
    Field field = field(node);
    if (!StubColumns.isOwn(field.type())) {
      throw new NotUnderstood();
    }
    return new Typed(new Expr.Column(field.name()), field.type());
  }

  private Field field(Map<?, ?> node) {
    List<?> path = Json.array(node.get("column_names"));
    int index = path.size() == 1 ? columns.indexOf(String.valueOf(path.getFirst())) : -1;
    if (index < 0 || index >= schema.size()) {
      throw new NotUnderstood();
    }
    return schema.fields().get(index);
  }

  private static boolean isConstant(Map<?, ?> node) {
    return "CONSTANT".equals(node.get("class"));
  }

  private Typed cast(Map<?, ?> node) {
    DataType type = type(Json.object(node.get("type_expr")));
    Map<?, ?> child = Json.object(node.get("child"));
    boolean orNull = Boolean.TRUE.equals(node.get("try_cast"));
    if (isConstant(child)) {
      Map<?, ?> literal = Json.object(child.get("literal"));
      if (orNull || !"STRING".equals(literal.get("kind"))) {
        throw new NotUnderstood();
      }
      return new Typed(TypedLiteral.cast(String.valueOf(literal.get("text")), type), type);
    }
    if ("COLUMN_REF".equals(child.get("class")) && !orNull) {
      Field field = field(child);
      if (!StubColumns.isOwn(field.type())) {
        return restored(field, type);
      }
    }
    OnFailure onFailure = orNull ? OnFailure.NULL : OnFailure.FAIL;
    return new Typed(new Expr.Cast(value(child), type, onFailure), type);
  }

  /** A column that stands in the stub as text, cast to what it is: the column. */
  private static Typed restored(Field field, DataType type) {
    if (!type.equals(field.type()) || !StubColumns.comparesAlike(type)) {
      throw new NotUnderstood();
    }
    return new Typed(new Expr.Column(field.name()), type);
  }

  private static DataType type(Map<?, ?> node) {
    String name = String.valueOf(node.get("type_name"));
    List<?> children = Json.array(node.get("children"));
    if (name.equals("STRUCT")) {
      var fields = new ArrayList<Field>();
      for (Object child : children) {
        Map<?, ?> member = Json.object(child);
        fields.add(new Field(String.valueOf(member.get("alias")), type(member)));
      }
      return new DataType.Struct(fields);
    }
    var arguments = new ArrayList<String>();
    for (Object child : children) {
      Object literal = Json.object(child).get("literal");
      if (literal == null) {
        throw new NotUnderstood();
      }
      arguments.add(String.valueOf(Json.object(literal).get("text")));
    }
    try {
      return DataType.parse(
          arguments.isEmpty() ? name : name + "(" + String.join(",", arguments) + ")");
    } catch (dev.tarn.error.InvalidRequest unknown) {
      throw new NotUnderstood();
    }
  }

  // ---- tests

  private static Expr literal(Map<?, ?> node, @Nullable DataType type) {
    Map<?, ?> literal = Json.object(node.get("literal"));
    try {
      return TypedLiteral.bare(
          String.valueOf(literal.get("kind")), String.valueOf(literal.get("text")), type);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new NotUnderstood();
    }
  }

  /** Operands that are compared with each other, all of one type; at least one is no constant. */
  private List<Expr> comparable(List<Map<?, ?>> nodes) {
    var typed = new ArrayList<@Nullable Typed>();
    nodes.forEach(node -> typed.add(isConstant(node) ? null : typed(node, Use.VALUE)));
    List<DataType> types =
        typed.stream()
            .filter(Objects::nonNull)
            .map(t -> Objects.requireNonNull(t).type())
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    if (types.size() > 1 || typed.stream().allMatch(Objects::isNull)) {
      throw new NotUnderstood();
    }
    DataType type = types.isEmpty() ? null : types.getFirst();
    var exprs = new ArrayList<Expr>();
    for (int i = 0; i < nodes.size(); i++) {
      Typed operand = typed.get(i);
      exprs.add(operand == null ? literal(nodes.get(i), type) : operand.expr());
    }
    return exprs;
  }

  private static Map<?, ?> member(Map<?, ?> node, String name) {
    return Json.object(node.get(name));
  }

  private Expr comparison(Map<?, ?> node, Use use) {
    Test test = TESTS.get(String.valueOf(node.get("type")));
    List<Expr> sides = comparable(List.of(member(node, "left"), member(node, "right")));
    Expr left = sides.get(0);
    Expr right = sides.get(1);
    if (test == null) {
      throw new NotUnderstood();
    }
    if (left instanceof Expr.Literal && !(right instanceof Expr.Literal)) {
      return Zeros.compare(mirrored(test), right, left, use == Use.KEEPS);
    }
    return Zeros.compare(test, left, right, use == Use.KEEPS);
  }

  static Test mirrored(Test test) {
    return switch (test) {
      case LT -> Test.GT;
      case LE -> Test.GE;
      case GT -> Test.LT;
      case GE -> Test.LE;
      case EQ, NE, SAME, DIFFERENT -> test;
    };
  }

  /** DuckDB prints ends that do not belong to it like those that do. */
  private Expr between(Map<?, ?> node, Use use) {
    if (use != Use.KEEPS) {
      throw new NotUnderstood();
    }
    List<Expr> operands =
        comparable(List.of(member(node, "input"), member(node, "lower"), member(node, "upper")));
    return new Expr.Between(
        operands.get(0), Zeros.negative(operands.get(1)), Zeros.positive(operands.get(2)));
  }

  private Expr conjunction(Map<?, ?> node, Use use) {
    List<Expr> operands =
        Json.array(node.get("children")).stream()
            .map(child -> typed(Json.object(child), use).expr())
            .toList();
    return switch (String.valueOf(node.get("type"))) {
      case "CONJUNCTION_AND" -> new Expr.And(operands);
      case "CONJUNCTION_OR" -> new Expr.Or(operands);
      default -> throw new NotUnderstood();
    };
  }

  private Typed operator(Map<?, ?> node, Use use) {
    List<?> children = Json.array(node.get("children"));
    return switch (String.valueOf(node.get("type"))) {
      case "OPERATOR_NOT" -> truth(new Expr.Not(value(children.getFirst())));
      case "OPERATOR_IS_NULL" -> truth(new Expr.IsNull(value(children.getFirst())));
      case "OPERATOR_IS_NOT_NULL" ->
          truth(new Expr.Not(new Expr.IsNull(value(children.getFirst()))));
      case "COMPARE_IN" -> truth(in(children, use));
      case "OPERATOR_COALESCE" -> new Typed(new Expr.Call("coalesce", alike(children)), null);
      default -> throw new NotUnderstood();
    };
  }

  private List<Expr> alike(List<?> children) {
    return comparable(children.stream().<Map<?, ?>>map(Json::object).toList());
  }

  /** A null among the values makes no row be kept, so it may go where that is all that counts. */
  private Expr in(List<?> children, Use use) {
    List<?> known = children.stream().filter(c -> !isNull(Json.object(c))).toList();
    if (known.size() < 2 || (known.size() < children.size() && use != Use.KEEPS)) {
      throw new NotUnderstood();
    }
    List<Expr> operands = alike(known);
    List<Expr> values = operands.subList(1, operands.size());
    if (values.stream().anyMatch(v -> !(v instanceof Expr.Literal))) {
      throw new NotUnderstood();
    }
    return new Expr.In(operands.getFirst(), Zeros.both(values));
  }

  private static boolean isNull(Map<?, ?> node) {
    Map<?, ?> bare = "CAST".equals(node.get("class")) ? member(node, "child") : node;
    return isConstant(bare) && "NULL_LITERAL".equals(member(bare, "literal").get("kind"));
  }

  private Typed caseOf(Map<?, ?> node) {
    var branches = new ArrayList<Expr.Branch>();
    var results = new ArrayList<Map<?, ?>>();
    for (Object check : Json.array(node.get("case_checks"))) {
      results.add(member(Json.object(check), "then_expr"));
    }
    results.add(member(node, "else_expr"));
    List<Expr> values = comparable(results);
    int i = 0;
    for (Object check : Json.array(node.get("case_checks"))) {
      branches.add(new Expr.Branch(value(Json.object(check).get("when_expr")), values.get(i++)));
    }
    return new Typed(new Expr.Case(branches, values.getLast()), null);
  }

  // ---- functions

  private Typed function(Map<?, ?> node) {
    String name = String.valueOf(node.get("function_name"));
    List<Map<?, ?>> arguments =
        Json.array(node.get("arguments")).stream()
            .<Map<?, ?>>map(argument -> member(Json.object(argument), "expression"))
            .toList();
    requirePlain(node);
    switch (name) {
      case "~~", "~~*", "!~~", "!~~*" -> {
        return truth(like(name, comparable(arguments)));
      }
      case "struct_extract" -> {
        return structMember(arguments);
      }
      case "-" -> {
        if (arguments.size() == 1) {
          Typed operand = typed(arguments.getFirst(), Use.VALUE);
          return new Typed(new Expr.Negate(operand.expr()), operand.type());
        }
      }
      default -> {}
    }
    Operator operator = ARITHMETIC.get(name);
    if (operator != null && arguments.size() == 2) {
      return arithmetic(operator, arguments);
    }
    if (!FUNCTIONS.contains(name)) {
      throw new NotUnderstood();
    }
    List<Expr> exprs = arguments.stream().map(this::argument).toList();
    return new Typed(new Expr.Call(name, exprs), RESULTS.get(name));
  }

  /** Without DISTINCT, FILTER and the like, and with all arguments by position. */
  private static void requirePlain(Map<?, ?> node) {
    boolean named =
        Json.array(node.get("arguments")).stream()
            .anyMatch(argument -> !"".equals(Json.object(argument).get("name")));
    if (named
        || node.get("filter") != null
        || Boolean.TRUE.equals(node.get("distinct"))
        || !"".equals(node.get("schema"))) {
      throw new NotUnderstood();
    }
  }

  private Expr argument(Map<?, ?> node) {
    return isConstant(node) ? literal(node, null) : value(node);
  }

  private static Expr like(String operator, List<Expr> operands) {
    CaseRule rule = operator.endsWith("*") ? CaseRule.INSENSITIVE : CaseRule.SENSITIVE;
    Expr like = new Expr.Like(operands.get(0), operands.get(1), rule);
    return operator.startsWith("!") ? new Expr.Not(like) : like;
  }

  private Typed structMember(List<Map<?, ?>> arguments) {
    Typed struct = typed(arguments.get(0), Use.VALUE);
    if (struct.type() instanceof DataType.Struct type
        && isConstant(arguments.get(1))
        && literal(arguments.get(1), DataType.VARCHAR) instanceof Expr.Literal(String name)) {
      for (Field field : type.fields()) {
        if (field.name().equalsIgnoreCase(name) && StubColumns.comparesAlike(field.type())) {
          return new Typed(new Expr.Member(struct.expr(), field.name()), field.type());
        }
      }
    }
    throw new NotUnderstood();
  }

  /** The type of what DECIMALs and dates make is not known here; nor is it needed. */
  private Typed arithmetic(Operator operator, List<Map<?, ?>> arguments) {
    List<Expr> operands = comparable(arguments);
    DataType type =
        arguments.stream()
            .filter(node -> !isConstant(node))
            .map(node -> typed(node, Use.VALUE).type())
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    boolean keeps =
        DataType.DOUBLE.equals(type)
            || DataType.FLOAT.equals(type)
            || (DataType.VARCHAR.equals(type) && operator == Operator.CONCAT);
    return new Typed(
        new Expr.Arithmetic(operator, operands.get(0), operands.get(1)), keeps ? type : null);
  }
}
