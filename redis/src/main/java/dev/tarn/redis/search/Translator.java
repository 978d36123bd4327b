package dev.tarn.redis.search;

import dev.tarn.expr.Expr;
import dev.tarn.redis.IndexField;
import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.scan.ScanColumn;
import dev.tarn.redis.scan.ScanSpec;
import dev.tarn.type.DataType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes filters as a query that finds at least the rows for which they are true. What cannot be
 * written so is left to the engine, which looks at all rows again.
 */
final class Translator {

  /** Longer queries take the server more time to read than they save. */
  private static final int LONGEST = 32_000;

  private final RedisIndex index;
  private final Fields fields;
  private final boolean old;
  private final Set<String> reasons = new LinkedHashSet<>();

  private Translator(RedisIndex index, ScanSpec spec) {
    this.index = index;
    this.fields = new Fields(index, spec);
    this.old = !index.followsKeys();
  }

  /** Each of the filters is true for all rows that are needed. */
  static Translation translate(List<Expr> filters, RedisIndex index, ScanSpec spec) {
    return new Translator(index, spec).translation(filters);
  }

  private Translation translation(List<Expr> filters) {
    var parts = new ArrayList<QueryText>();
    var used = new ArrayList<Expr>();
    for (Expr filter : filters) {
      QueryText part = query(filter);
      if (part != null && part.text().length() <= LONGEST) {
        parts.add(part);
        used.add(filter);
      } else if (part != null) {
        reasons.add("a filter of more than %,d characters is not looked for".formatted(LONGEST));
      }
    }
    return new Translation(parts, used, List.copyOf(reasons));
  }

  /** Null where it says nothing that the index knows. */
  private @Nullable QueryText query(Expr filter) {
    return switch (filter) {
      case Expr.And(List<Expr> operands) -> {
        List<QueryText> parts = known(operands);
        yield parts.isEmpty() ? null : QueryText.all(parts);
      }
      case Expr.Or(List<Expr> operands) -> {
        List<QueryText> parts = known(operands);
        yield parts.size() == operands.size() ? QueryText.any(parts) : null;
      }
      case Expr.Comparison(Expr.Test test, Expr left, Expr.Literal(Object value)) ->
          compared(left, test, value);
      case Expr.Comparison(Expr.Test test, Expr.Literal(Object value), Expr right) ->
          compared(right, mirrored(test), value);
      case Expr.Between(Expr operand, Expr.Literal low, Expr.Literal high) ->
          query(
              new Expr.And(
                  List.of(
                      new Expr.Comparison(Expr.Test.GE, operand, low),
                      new Expr.Comparison(Expr.Test.LE, operand, high))));
      case Expr.In(Expr operand, List<Expr> values) -> in(operand, values);
      case Expr.Column column -> truth(column, true);
      case Expr.Not(Expr operand) -> not(operand);
      default -> unknown(filter);
    };
  }

  private List<QueryText> known(List<Expr> operands) {
    var parts = new ArrayList<QueryText>();
    for (Expr operand : operands) {
      QueryText part = query(operand);
      if (part != null) {
        parts.add(part);
      }
    }
    return parts;
  }

  /** What is false is not true of anything that is null either. */
  private @Nullable QueryText not(Expr operand) {
    return switch (operand) {
      case Expr.Not(Expr inner) -> query(inner);
      case Expr.Column column -> truth(column, false);
      case Expr.IsNull(Expr inner) -> present(inner);
      case Expr.Comparison(Expr.Test test, Expr left, Expr right) -> {
        Expr.Test opposite = opposite(test);
        yield opposite == null
            ? unknown(operand)
            : query(new Expr.Comparison(opposite, left, right));
      }
      case Expr.Between(Expr inner, Expr low, Expr high) ->
          query(
              new Expr.Or(
                  List.of(
                      new Expr.Comparison(Expr.Test.LT, inner, low),
                      new Expr.Comparison(Expr.Test.GT, inner, high))));
      case Expr.And(List<Expr> operands) -> query(new Expr.Or(negated(operands)));
      case Expr.Or(List<Expr> operands) -> query(new Expr.And(negated(operands)));
      default -> unknown(operand);
    };
  }

  private static List<Expr> negated(List<Expr> operands) {
    return operands.stream().<Expr>map(Expr.Not::new).toList();
  }

  private static Expr.@Nullable Test opposite(Expr.Test test) {
    return switch (test) {
      case EQ -> Expr.Test.NE;
      case NE -> Expr.Test.EQ;
      case LT -> Expr.Test.GE;
      case LE -> Expr.Test.GT;
      case GT -> Expr.Test.LE;
      case GE -> Expr.Test.LT;
      case SAME, DIFFERENT -> null; // of nulls they tell more
    };
  }

  private static Expr.Test mirrored(Expr.Test test) {
    return switch (test) {
      case LT -> Expr.Test.GT;
      case LE -> Expr.Test.GE;
      case GT -> Expr.Test.LT;
      case GE -> Expr.Test.LE;
      case EQ, NE, SAME, DIFFERENT -> test;
    };
  }

  // ---- what is compared

  private @Nullable QueryText compared(Expr operand, Expr.Test test, @Nullable Object value) {
    ScanColumn column = fields.column(operand);
    if (column == null || value == null) {
      return unknown(operand);
    }
    Optional<Numeric> numeric = Numeric.of(column.type());
    if (numeric.isPresent()) {
      IndexField field = numbers(column);
      return field == null ? null : numeric.get().compared(field.name(), test, value);
    }
    if (test != Expr.Test.EQ && test != Expr.Test.SAME) {
      return isText(column)
          ? left(column, "only = and IN are looked for among its tags")
          : unknown(operand);
    }
    if (value instanceof Boolean truth) {
      return truth(operand, truth);
    }
    return texts(column, List.of(new Expr.Literal(value)));
  }

  private @Nullable QueryText in(Expr operand, List<Expr> values) {
    ScanColumn column = fields.column(operand);
    if (column == null || values.isEmpty()) {
      return unknown(operand);
    }
    if (isText(column)) {
      return texts(column, values);
    }
    var arms = new ArrayList<QueryText>();
    for (Expr value : values) {
      QueryText arm = query(new Expr.Comparison(Expr.Test.EQ, operand, value));
      if (arm == null) {
        return null;
      }
      arms.add(arm);
    }
    return QueryText.any(arms);
  }

  private @Nullable QueryText texts(ScanColumn column, List<Expr> values) {
    if (!isText(column)) {
      return left(column, "it is " + column.type());
    }
    var wanted = new ArrayList<String>();
    for (Expr value : values) {
      if (!(value instanceof Expr.Literal(String text))) {
        return unknown(value);
      }
      wanted.add(text);
    }
    IndexField field = field(column, IndexField.Type.TAG);
    if (field == null) {
      return null;
    }
    QueryText tags = new Tags(field, fields.isJson(), old).oneOf(wanted);
    return tags == null ? left(column, "the text is none that can be looked for as a tag") : tags;
  }

  /** The spellings that are read as true or false; those of tags in lower case. */
  private @Nullable QueryText truth(Expr operand, boolean truth) {
    ScanColumn column = fields.column(operand);
    if (column == null || !column.type().equals(DataType.BOOLEAN)) {
      return unknown(operand);
    }
    IndexField number = fields.find(column, IndexField.Type.NUMERIC);
    if (number != null) {
      String one = truth ? "1" : "0";
      return QueryText.numbers(number.name(), one, one);
    }
    IndexField field = field(column, IndexField.Type.TAG);
    if (field == null) {
      return null;
    }
    boolean sure =
        !field.caseSensitive()
            && field.separator().filter(c -> c >= 128 || Character.isLetterOrDigit(c)).isEmpty();
    List<String> spellings =
        truth ? List.of("true", "1", "yes", "t", "y") : List.of("false", "0", "no", "f", "n");
    QueryText tags = sure ? new Tags(field, fields.isJson(), old).oneOf(spellings) : null;
    return tags == null ? left(column, "not all its spellings can be looked for") : tags;
  }

  private @Nullable QueryText present(Expr operand) {
    ScanColumn column = fields.column(operand);
    if (column == null || Numeric.of(column.type()).isEmpty()) {
      return unknown(operand);
    }
    IndexField field = numbers(column);
    return field == null ? null : Numeric.any(field.name());
  }

  // ---- columns and their fields

  private static boolean isText(ScanColumn column) {
    return column.type().equals(DataType.VARCHAR) || column.type() instanceof DataType.EnumOf;
  }

  private @Nullable IndexField numbers(ScanColumn column) {
    boolean infinite =
        column.type().equals(DataType.DOUBLE) || column.type().equals(DataType.FLOAT);
    if (old && infinite) {
      left(
          column,
          "version 1 of the search module loses infinite numbers, which %s has; DECIMAL has none"
              .formatted(column.type()));
      return null;
    }
    return field(column, IndexField.Type.NUMERIC);
  }

  private @Nullable IndexField field(ScanColumn column, IndexField.Type type) {
    IndexField field = fields.find(column, type);
    if (field == null) {
      left(column, "%s has it as no %s".formatted(index.name(), type));
    }
    return field;
  }

  private @Nullable QueryText left(ScanColumn column, String why) {
    reasons.add("%s: %s".formatted(column.name(), why));
    return null;
  }

  private @Nullable QueryText unknown(Expr expr) {
    if (expr instanceof Expr.Column(String name)) {
      reasons.add("%s: only comparisons with constants are looked for".formatted(name));
    } else {
      reasons.add("only comparisons of fields with constants are looked for");
    }
    return null;
  }
}
