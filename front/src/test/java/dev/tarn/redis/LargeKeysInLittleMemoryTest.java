package dev.tarn.redis;

import static dev.tarn.Columns.count;
import static dev.tarn.Columns.sum;
import static dev.tarn.type.DataType.BIGINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Row;
import dev.tarn.Tarn;
import dev.tarn.testkit.ChildProcess;
import dev.tarn.testkit.redis.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many large sets are read in pages, a few at a time: all at once would take more than there is.
 */
class LargeKeysInLittleMemoryTest {

  private static final int SETS = 40;
  private static final int MEMBERS = 100_000;

  private static final String FILL =
      """
      for first = 1, ARGV[1], 1000 do
        local members = {}
        for i = first, first + 999 do
          members[#members + 1] = i
        end
        redis.call('SADD', KEYS[1], unpack(members))
      end
      """;

  @TempDir private Path folder;

  @Test
  void readsAllMembers() throws Exception {
    try (RedisServer server = RedisServer.start()) {
      var commands = new ArrayList<Object[]>();
      for (int set = 0; set < SETS; set++) {
        commands.add(new Object[] {"EVAL", FILL, 1, "set:" + set, MEMBERS});
      }
      try (var client = server.client()) {
        client.pipeline(commands);
      }
      try (var child = ChildProcess.start(List.of("-Xmx40m"), folder, Reader.class, server.url())) {
        assertThat(child.await("read "))
            .isEqualTo(
                "%d %d".formatted((long) SETS * MEMBERS, SETS * (MEMBERS * (MEMBERS + 1L) / 2)));
      }
    }
  }

  /** Counts and adds up all members. */
  static final class Reader {
    private Reader() {}

    public static void main(String[] arguments) {
      try (Tarn tarn = Tarn.open();
          Redis redis = tarn.redis(arguments[0])) {
        Row row =
            redis
                .sets("set:*", BIGINT, o -> o.memory(8 << 20).connections(2))
                .agg(count().as("n"), sum("member").as("total"))
                .collect()
                .stream()
                .findFirst()
                .orElseThrow();
        System.out.println("read " + row.value("n") + " " + row.value("total"));
      }
    }
  }
}
