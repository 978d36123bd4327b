package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.plan.Plan;
import dev.tarn.redis.IndexAdvice;
import dev.tarn.redis.IndexAdvice.Use;
import dev.tarn.redis.IndexAdvice.Verdict;
import dev.tarn.redis.scan.KeyPattern;
import dev.tarn.redis.scan.RedisSource;
import dev.tarn.redis.scan.ScanSpec;
import dev.tarn.redis.search.Costs;
import dev.tarn.redis.search.Decision;
import dev.tarn.redis.search.Indexes;
import dev.tarn.redis.search.Proposal;
import dev.tarn.redis.search.SearchChoice;
import dev.tarn.redis.search.SearchPlanner;
import dev.tarn.redis.wire.Servers;
import dev.tarn.spi.AggregateAnswer;
import dev.tarn.spi.AggregateRequest;
import dev.tarn.spi.Engine;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.sql.ExprSql;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Says which search indexes would help a query. It is planned, not run; each use of keys hears what
 * it would be asked. How many rows match is looked up in a sample.
 */
public final class QueryAdvisor {

  private static final int SAMPLE = 1000;
  private static final int LOOKED_AT = 4000;

  /** Of frames that leave the key out. */
  private static final String KEY = "__tarn_key";

  private final Servers servers;
  private final Indexes indexes;
  private final Engine engine;

  public QueryAdvisor(Servers servers, Indexes indexes, Engine engine) {
    this.servers = servers;
    this.indexes = indexes;
    this.engine = engine;
  }

  /**
   * Looks at a query.
   *
   * @throws InvalidRequest when it reads no keys of these servers
   */
  public IndexAdvice advise(Frame query) {
    var uses = new ArrayList<Asked>();
    engine.explain(query.plan().withSources(source -> watched(source, uses)), query.options());
    if (uses.isEmpty()) {
      throw new InvalidRequest(
          "Cannot advise on the query: it reads no keys of %s. Give a frame of hashes(…) or json(…)."
              .formatted(servers.name()));
    }
    return new IndexAdvice(uses.stream().map(this::advice).toList());
  }

  private Source watched(Source source, List<Asked> uses) {
    if (!(source instanceof RedisSource redis) || !redis.isOf(servers)) {
      return source;
    }
    var asked = new Asked(redis);
    uses.add(asked);
    return asked;
  }

  /** A use of keys that remembers what it is asked. */
  private static final class Asked implements Source {
    private final RedisSource source;
    private ScanRequest request = new ScanRequest(List.of(), List.of(), OptionalLong.empty());
    private @Nullable AggregateRequest aggregate;
    private @Nullable AggregateAnswer answer;

    Asked(RedisSource source) {
      this.source = source;
    }

    @Override
    public String name() {
      return source.name();
    }

    @Override
    public Schema schema() {
      return source.schema();
    }

    @Override
    public boolean usesRequests() {
      return true;
    }

    @Override
    public boolean aggregates() {
      return source.aggregates();
    }

    @Override
    public AggregateAnswer aggregate(AggregateRequest asked) {
      aggregate = asked;
      answer = source.aggregate(asked);
      return answer;
    }

    @Override
    public Scan plan(ScanRequest asked) {
      request = asked;
      return source.plan(asked);
    }
  }

  // ---- one use

  private Use advice(Asked asked) {
    ScanSpec spec = asked.source.spec();
    if (asked.answer instanceof AggregateAnswer.Offer offer) {
      return use(asked, Verdict.IN_USE, offer.notes());
    }
    if (spec.isSearched()) {
      return use(asked, Verdict.IN_USE, List.of("it alone tells which rows there are"));
    }
    if (asked.source.readsByName(asked.request)) {
      return use(asked, Verdict.NONE, List.of("its keys are read by name"));
    }
    Optional<String> impossible = SearchPlanner.impossible(indexes, spec);
    if (impossible.isPresent()) {
      return use(asked, Verdict.NONE, List.of(impossible.get()));
    }
    Decision decision = SearchPlanner.decide(indexes, spec, asked.request.filters());
    Proposal proposal = Proposal.of(indexes, spec, asked.request.filters(), asked.aggregate);
    if (proposal.isEmpty()) {
      List<String> reasons = proposal.reasons();
      return use(asked, Verdict.NONE, reasons.isEmpty() ? List.of("nothing is filtered") : reasons);
    }
    SearchChoice choice = decision.choice();
    if (choice == null || proposal.aggregates()) {
      return weighed(asked, proposal);
    }
    boolean knowsMore = !proposal.missing().isEmpty();
    Use other = knowsMore ? weighed(asked, proposal) : null;
    return other != null && findsFewer(other, choice)
        ? other
        : use(asked, Verdict.IN_USE, decision.notes());
  }

  /** Whether another index than the one that is used finds less than half as much. */
  private static boolean findsFewer(Use other, SearchChoice used) {
    return other.verdict() == Verdict.CREATE
        && 2 * other.share().orElse(1) * used.documents() < used.matched();
  }

  private static Use use(Asked asked, Verdict verdict, List<String> reasons) {
    return new Use(
        asked.source.name(),
        verdict,
        filters(asked),
        Optional.empty(),
        List.of(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        reasons);
  }

  private static List<String> filters(Asked asked) {
    var sql = new ExprSql(DuckDbDialect.DUCKDB);
    AggregateRequest aggregate = asked.aggregate;
    List<Expr> filters =
        asked.answer instanceof AggregateAnswer.Offer && aggregate != null
            ? aggregate.filters()
            : asked.request.filters();
    return filters.stream().map(sql::text).toList();
  }

  /** Finding rows must cost less than going through all of them. */
  private Use weighed(Asked asked, Proposal proposal) {
    ScanSpec spec = asked.source.spec();
    OptionalDouble share = OptionalDouble.empty();
    OptionalDouble gain = OptionalDouble.empty();
    if (!proposal.used().isEmpty()) {
      String type = spec.type().server();
      KeySample some = new KeySampler(spec.pattern(), Optional.of(type), SAMPLE, 2).sample(servers);
      long keys = ServerFacts.of(servers).keys();
      long documents = documents(spec, some, keys);
      share = share(spec, proposal.used(), some);
      gain =
          share.isEmpty()
              ? gain
              : OptionalDouble.of(Costs.gain(share.getAsDouble() * documents, documents, keys));
    }
    boolean pays = proposal.aggregates() || gain.orElse(0) > 1;
    var reasons = new ArrayList<String>();
    if (!pays) {
      reasons.add(
          share.isEmpty()
              ? "there are no keys to look at"
              : "too many rows match: about %.0f %%".formatted(100 * share.getAsDouble()));
    }
    reasons.addAll(proposal.reasons());
    return new Use(
        asked.source.name(),
        pays ? Verdict.CREATE : Verdict.NONE,
        filters(asked),
        pays ? Optional.of(proposal.shown()) : Optional.empty(),
        pays ? proposal.missing() : List.of(),
        share,
        gain,
        reasons);
  }

  private long documents(ScanSpec spec, KeySample some, long keys) {
    KeySample all =
        new KeySampler(KeyPattern.of("*"), Optional.empty(), LOOKED_AT, 1).sample(servers);
    return SampleFacts.of(servers, all, some, spec.pattern(), spec.type()).documents(some, keys);
  }

  /** Of the rows of some keys, how many the filters keep; empty where there are none. */
  private OptionalDouble share(ScanSpec spec, List<Expr> filters, KeySample some) {
    List<Expr> names =
        some.byNode().values().stream()
            .flatMap(List::stream)
            .<Expr>map(key -> new Expr.Literal(new String(key, UTF_8)))
            .toList();
    if (names.isEmpty()) {
      return OptionalDouble.empty();
    }
    String key = spec.keyColumn().orElse(KEY);
    Frame sample =
        Frame.of(new Plan.Scan(new RedisSource(servers, spec.ofSome(key))), engine)
            .filter(new Expr.In(new Expr.Column(key), names));
    Frame kept = sample.filter(filters.size() == 1 ? filters.getFirst() : new Expr.And(filters));
    long found = kept.select(key).collect().size();
    long atLeast = some.whole() ? found : Math.max(1, found); // of the others some may match
    return OptionalDouble.of((double) atLeast / names.size());
  }
}
