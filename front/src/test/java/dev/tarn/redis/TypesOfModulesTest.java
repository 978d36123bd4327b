package dev.tarn.redis;

import static dev.tarn.type.DataType.BIGINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.testkit.redis.ReplayServer;
import dev.tarn.testkit.redis.Reply;
import dev.tarn.type.Schema;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A scan asks for keys of a module's type on each page, however many pages of nothing else there
 * were: what a module answers for a key of another type is only known from replies.
 */
class TypesOfModulesTest {

  private static final int KEYS = 20_000;

  record Kind(String type, String reads, Object value, Function<Redis, Frame> scan) {
    @Override
    public String toString() {
      return type;
    }
  }

  private static List<Kind> kinds() {
    return List.of(
        new Kind("ReJSON-RL", "JSON.GET", "[1]", r -> r.json("*", Schema.of("n", BIGINT))),
        new Kind(
            "TSDB-TYPE",
            "TS.RANGE",
            List.of(List.of(1, new Reply.Simple("1"))),
            r -> r.timeSeries("*", Samples.ALL)));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void areAskedForOnEveryPage(Kind kind) throws Exception {
    try (Tarn tarn = Tarn.open();
        ReplayServer server =
            ReplayServer.start()
                .handle("INFO", words -> "run_id:1\r\n")
                .handle("TYPE", words -> new Reply.Simple(kind.type))
                .handle("SCAN", TypesOfModulesTest::page)
                .handle(kind.reads, words -> kind.value);
        Redis redis = Redis.open(server.url(), tarn.engine())) {
      assertThat(kind.scan.apply(redis).collect().size()).isEqualTo(KEYS);
      assertThat(server.commands().stream().filter(words -> words.getFirst().equals("SCAN")))
          .hasSizeGreaterThan(3)
          .allSatisfy(scan -> assertThat(scan).containsSequence("TYPE", kind.type));
    }
  }

  /** As many keys as were to be looked at. */
  private static Object page(List<String> words) {
    int begin = Integer.parseInt(words.get(1));
    int count = Integer.parseInt(words.get(words.indexOf("COUNT") + 1));
    int end = Math.min(KEYS, begin + count);
    return List.of(
        end == KEYS ? "0" : Integer.toString(end),
        IntStream.range(begin, end).mapToObj(i -> "k:" + i).toList());
  }
}
