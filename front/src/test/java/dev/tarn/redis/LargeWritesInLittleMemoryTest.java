package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Tarn;
import dev.tarn.testkit.ChildProcess;
import dev.tarn.testkit.Seeds;
import dev.tarn.testkit.redis.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * More than the heap could hold is written by a process of little memory: to many keys, and to keys
 * of very many values each. Of what was written nothing stays.
 */
class LargeWritesInLittleMemoryTest {

  /**
   * 18 MiB are enough; where something of each key or value is kept, 36 are not. The collector is
   * one that finds room wherever there is some.
   */
  private static final List<String> HEAP =
      List.of("-Xmx28m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

  /** May be under way: little, for rows and parts of keys are made meanwhile, of any size. */
  private static final int MEMORY = 4 << 20;

  /** The same of the smallest keys, of which more has to be known than is sent. */
  private static final int MEMORY_OF_SMALL = 12 << 20;

  private static final int WRITES = 7;

  @TempDir private Path folder;

  @Test
  void writesAllRows() throws Exception {
    long rows = Seeds.rounds(150_000, 600_000);
    try (RedisServer server = RedisServer.start();
        var child =
            ChildProcess.start(HEAP, folder, Writer.class, server.url(), Long.toString(rows))) {
      for (int write = 0; write < WRITES; write++) {
        child.await("ready");
        server.command("CLIENT", "PAUSE", 1500, "WRITE"); // so that as much is under way as may be
        child.send("");
      }
      assertThat(child.await("written ")).isEqualTo("%d %d %d".formatted(10 * rows, rows, rows));
      assertThat(server.command("DBSIZE")).isEqualTo(12 * rows + 4);
      assertThat(server.command("SCARD", "set:1")).isEqualTo(8 * rows);
      assertThat(server.command("LLEN", "list:1")).isEqualTo(8 * rows);
      assertThat(server.command("ZCARD", "sorted:1")).isEqualTo(8 * rows);
      assertThat(server.command("XLEN", "stream:1")).isEqualTo(8 * rows);
      for (long row : List.of(0L, rows / 2, rows - 1)) {
        assertThat(server.text("HGET", "hash:" + row, "name")).isEqualTo("name" + row);
        assertThat(server.text("GET", "s:" + row)).isEqualTo("" + row);
        assertThat(server.text("LINDEX", "list:1", row)).isEqualTo("value " + row);
      }
    }
  }

  /** Writes to keys of all kinds. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      long rows = Long.parseLong(arguments[1]);
      try (Tarn tarn = Tarn.open();
          Redis redis = tarn.redis(arguments[0])) {
        RedisSink strings = redis.toStrings("s:").key("id").memory(MEMORY_OF_SMALL);
        RedisSink hashes = redis.toHashes("hash:").key("id").memory(MEMORY);
        RedisSink kept = redis.toHashes("kept:").key("id").memory(MEMORY);
        String named = "i AS id, 'name' || i AS name";
        long texts = write(tarn, "i AS id, i AS v", 10 * rows, strings);
        long wide = write(tarn, named + ", repeat('x', 500) AS pad", rows, hashes);
        long scripted = write(tarn, named, rows, kept.ifExists(IfExists.KEEP));

        RedisSink sets = redis.toSets("set:").key("id").memory(MEMORY);
        RedisSink lists = redis.toLists("list:").key("id").memory(MEMORY);
        RedisSink sorted = redis.toSortedSets("sorted:").key("id").memory(MEMORY);
        RedisSink streams = redis.toStreams("stream:").key("id").memory(MEMORY);
        String one = "1 AS id, 'value ' || i AS v";
        String scored = one + ", i::DOUBLE AS score";
        write(tarn, one, 8 * rows, sets.ifExists(IfExists.MERGE));
        write(tarn, one, 8 * rows, lists);
        write(tarn, scored, 8 * rows, sorted.ifExists(IfExists.KEEP));
        write(tarn, one, 8 * rows, streams);
        System.out.println("written %d %d %d".formatted(texts, wide, scripted));
      }
    }

    private static long write(Tarn tarn, String columns, long rows, RedisSink sink)
        throws IOException {
      System.out.println("ready");
      System.in.read();
      var written = new long[1];
      tarn.sql("SELECT %s FROM range(%d) t(i)".formatted(columns, rows))
          .write(sink.onReport(report -> written[0] = report.written()));
      return written[0];
    }
  }
}
