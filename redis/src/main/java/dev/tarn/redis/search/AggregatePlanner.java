package dev.tarn.redis.search;

import dev.tarn.redis.BadValue;
import dev.tarn.redis.IndexField;
import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.Role;
import dev.tarn.redis.scan.ScanColumn;
import dev.tarn.redis.scan.ScanSpec;
import dev.tarn.redis.search.AggregateCommand.Call;
import dev.tarn.redis.search.Conditions.Property;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.spi.AggregateAnswer;
import dev.tarn.spi.AggregateCall;
import dev.tarn.spi.AggregateCall.Function;
import dev.tarn.spi.AggregateRequest;
import dev.tarn.type.DataType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides whether a search index answers an aggregate as the engine would of the rows. For one
 * query; no connection is left open.
 */
public final class AggregatePlanner {

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,99}");

  private static final Set<DataType> NUMBERS =
      Set.of(DataType.DOUBLE, DataType.BIGINT, DataType.INTEGER);

  private final Indexes indexes;
  private final ScanSpec spec;
  private final AggregateRequest request;
  private final LazyLink link;

  private AggregatePlanner(
      Indexes indexes, ScanSpec spec, AggregateRequest request, LazyLink link) {
    this.indexes = indexes;
    this.spec = spec;
    this.request = request;
    this.link = link;
  }

  /** An offer, or why there is none. */
  public static AggregateAnswer plan(Indexes indexes, ScanSpec spec, AggregateRequest request) {
    if (spec.type() != KeyType.HASH) {
      return new AggregateAnswer.Declined("only of hashes");
    }
    if (spec.options().indexUpTo().orElse(1) == 0) {
      return new AggregateAnswer.Declined("the options say so");
    }
    if (spec.options().onBadValue() == BadValue.SKIP_ROW) {
      return new AggregateAnswer.Declined("rows with a bad value in any column are left out");
    }
    if (indexes.servers().isCluster()) {
      return new AggregateAnswer.Declined("the servers are a cluster");
    }
    if (indexes.areKnownToBeNone()) {
      return new AggregateAnswer.Declined("the server has no search module");
    }
    try (var link = new LazyLink(indexes)) {
      AggregateCommand command = new AggregatePlanner(indexes, spec, request, link).command();
      return new AggregateAnswer.Offer(
          List.of(command.shown()), () -> new AggregateRun(indexes, spec, request, command).run());
    } catch (Doubtful e) {
      return new AggregateAnswer.Declined(e.why());
    } catch (LostConnection e) {
      return new AggregateAnswer.Declined(String.valueOf(e.getMessage()));
    }
  }

  /** Why an index would not answer it, complete as it may be; empty where it would. */
  static String unfit(Indexes indexes, ScanSpec spec, AggregateRequest request, RedisIndex index) {
    try (var link = new LazyLink(indexes)) {
      var planner = new AggregatePlanner(indexes, spec, request, link);
      String unusable = planner.unusable(index);
      if (unusable.isEmpty()) {
        planner.command(index, "*");
      }
      return unusable;
    } catch (Doubtful e) {
      return e.why();
    }
  }

  /** As it is now. */
  private RedisIndex named(String name) {
    return indexes.catalog(link, Optional.of(name)).indexes().stream()
        .filter(index -> index.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new Doubtful("there is no such index"));
  }

  private AggregateCommand command() {
    Searched searched = spec.searched();
    if (searched != null) { // its documents are the rows, whatever keys it covers
      return command(named(searched.index().name()), searched.query());
    }
    RedisIndex index = index();
    Translation narrower = Translator.translate(request.filters(), index, spec);
    AggregateCommand command = command(index, narrower.isEmpty() ? "*" : narrower.query());
    CoverageCheck.require(indexes, link, index, spec);
    if (!index.followsKeys()) {
      CoverageCheck.requireNoOthers(indexes, link, index, spec);
    }
    return command;
  }

  private AggregateCommand command(RedisIndex index, String query) {
    boolean old = !index.followsKeys();
    List<Property> groups = request.groups().stream().map(name -> group(index, name)).toList();
    List<Call> calls = request.calls().stream().map(call -> call(index, call)).toList();
    var used = new LinkedHashSet<Property>();
    String condition = new Conditions(name -> property(index, name), used).all(request.filters());
    boolean quick =
        groups.size() == 1
            && condition.isEmpty()
            && calls.stream().allMatch(AggregatePlanner::isQuick);
    if (!quick && !old) {
      throw new Doubtful(
          "only sum, min and max of DOUBLE and counts of rows, by one column and without filters, are certain of version 2 of the search module");
    }
    if (!quick
        && groups.isEmpty()
        && used.isEmpty()
        && calls.stream().allMatch(c -> c.property() == null)) {
      throw new Doubtful("documents that are gone would be counted");
    }
    var choice =
        SearchChoice.of(index, query)
            .counted(0, index.documents())
            .asOf(indexes.generation(index))
            .using(request.filters());
    var command =
        new AggregateCommand(choice, groups, calls, condition, used, !quick, request.top());
    AggregateTop top = command.top();
    return top == null || top.isCertain() ? command : command.ofAllGroups();
  }

  /** Whether the results tell what is null, mostly. */
  private static boolean isQuick(Call call) {
    Property property = call.property();
    return switch (call.function()) {
      case COUNT_ALL, COUNT_DISTINCT -> true;
      case SUM, MIN, MAX -> property != null && property.type().equals(DataType.DOUBLE);
      case COUNT, AVG -> false;
    };
  }

  // ---- which index

  private RedisIndex index() {
    var reasons = new LinkedHashSet<String>();
    for (RedisIndex index : indexes.candidates(link, spec.options().index())) {
      String unusable = unusable(index);
      if (unusable.isEmpty()) {
        return index;
      }
      reasons.add(index.name() + " " + unusable);
    }
    throw new Doubtful(String.join("; ", reasons));
  }

  /** Empty for an index whose documents are the keys of the pattern, no more and no fewer. */
  private String unusable(RedisIndex index) {
    if (!index.isComplete()) {
      return "is not ready, or could not take documents, or leaves some out";
    }
    if (!index.followsKeys()) {
      return "";
    }
    if (!index.keyType().equals(Optional.of(spec.type()))) {
      return "is of no " + spec.type().plural();
    }
    return new Fit(spec).isExact(index) ? "" : "has other keys than " + spec.pattern();
  }

  // ---- which fields

  private Property group(RedisIndex index, String name) {
    Property property = property(index, name);
    if (!property.isText()) {
      throw new Doubtful("column %s is grouped by and no VARCHAR".formatted(name));
    }
    return property;
  }

  private Call call(RedisIndex index, AggregateCall call) {
    String column = call.column();
    if (column == null) {
      return new Call(call.function(), null);
    }
    Property property = property(index, column);
    boolean counts = call.function() == Function.COUNT;
    if (!counts && property.isText() != (call.function() == Function.COUNT_DISTINCT)) {
      throw new Doubtful("%s is not computed there as here".formatted(call));
    }
    return new Call(call.function(), property);
  }

  private Property property(RedisIndex index, String name) {
    ScanColumn column =
        spec.columns().stream()
            .filter(c -> c.name().equalsIgnoreCase(name) && c.role() == Role.FIELD)
            .findFirst()
            .orElseThrow(() -> new Doubtful("column %s is no field".formatted(name)));
    boolean text = column.type().equals(DataType.VARCHAR);
    if (!text && !NUMBERS.contains(column.type())) {
      throw new Doubtful("column %s is of type %s".formatted(name, column.type()));
    }
    IndexField field =
        index.fields().stream()
            .filter(f -> f.path().equals(column.source()))
            .findFirst()
            .orElseThrow(() -> new Doubtful("field %s is not indexed".formatted(column.source())));
    if (field.sortable()) {
      throw new Doubtful(
          "field %s is SORTABLE, and its values are not as they are stored"
              .formatted(field.name()));
    }
    boolean fits =
        text
            ? field.type() == IndexField.Type.TAG || field.type() == IndexField.Type.TEXT
            : field.type() == IndexField.Type.NUMERIC;
    if (!fits) {
      throw new Doubtful(
          "field %s is indexed as %s, and column %s is of type %s"
              .formatted(field.name(), field.type(), name, column.type()));
    }
    if (!NAME.matcher(field.name()).matches()) {
      throw new Doubtful(
          "field %s has a name that expressions cannot have".formatted(field.name()));
    }
    return new Property(field.name(), column.type());
  }
}
