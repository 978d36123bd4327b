package dev.tarn.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads fields of hashes as fast as a socket allows: keys by SCAN or by a search on one connection,
 * HMGET on others.
 */
final class RedisFloor {

  private static final int BATCH = 1000;

  private RedisFloor() {}

  /**
   * Reads, and adds up the bytes of the values.
   *
   * @param connections that read; SCAN has one more
   * @return how many hashes
   */
  static long read(int port, String pattern, List<String> fields, int connections)
      throws Exception {
    return read(port, chunks -> scan(port, pattern, chunks), fields, connections);
  }

  /**
   * The same of the hashes that an index finds, over one connection.
   *
   * @param search a whole command that answers with a number and keys
   */
  static long read(int port, byte[] search, List<String> fields) throws Exception {
    return read(port, chunks -> search(port, search, chunks), fields, 1);
  }

  /** What finds the keys. */
  @FunctionalInterface
  private interface Finder {
    void find(BlockingQueue<List<byte[]>> chunks) throws Exception;
  }

  private static long read(int port, Finder finder, List<String> fields, int connections)
      throws Exception {
    BlockingQueue<List<byte[]>> chunks = new ArrayBlockingQueue<>(50);
    try (ExecutorService threads = Executors.newFixedThreadPool(connections + 1)) {
      Future<Boolean> scan =
          threads.submit(() -> {
            finder.find(chunks);
            for (int i = 0; i < connections; i++) {
              chunks.put(List.of()); // the end
            }
            return true;
          });
      var readers = new ArrayList<Future<Long>>();
      for (int i = 0; i < connections; i++) {
        readers.add(threads.submit(() -> values(port, fields, chunks)));
      }
      long rows = 0;
      for (Future<Long> reader : readers) {
        rows += reader.get();
      }
      scan.get();
      return rows;
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  private static void scan(int port, String pattern, BlockingQueue<List<byte[]>> chunks)
      throws Exception {
    try (var redis = new RawRedis(port)) {
      String cursor = "0";
      do {
        List<byte[]> keys = RawRedis.keys();
        cursor = redis.scan(cursor, pattern, BATCH, keys);
        if (!keys.isEmpty()) {
          chunks.put(keys);
        }
      } while (!cursor.equals("0"));
    }
  }

  private static void search(int port, byte[] command, BlockingQueue<List<byte[]>> chunks)
      throws Exception {
    try (var redis = new RawRedis(port)) {
      redis.send(command);
      redis.flush();
      int left = redis.array() - 1;
      redis.line();
      while (left > 0) {
        List<byte[]> keys = RawRedis.keys();
        for (; left > 0 && keys.size() < BATCH; left--) {
          keys.add(requireNonNull(redis.bulk()));
        }
        chunks.put(keys);
      }
    }
  }

  private static long values(int port, List<String> fields, BlockingQueue<List<byte[]>> chunks)
      throws Exception {
    byte[] begin = RawRedis.encoded(fields.size() + 2, "HMGET");
    byte[] rest = new byte[0];
    for (String field : fields) {
      rest = joined(rest, ("$" + field.length() + "\r\n" + field + "\r\n").getBytes(US_ASCII));
    }
    try (var redis = new RawRedis(port)) {
      long rows = 0;
      long bytes = 0;
      List<byte[]> asked = List.of();
      while (true) {
        List<byte[]> chunk = chunks.take();
        for (byte[] key : chunk) {
          redis.send(begin);
          redis.sendArgument(key);
          redis.send(rest);
        }
        redis.flush();
        for (int i = 0; i < asked.size(); i++) {
          int size = redis.array();
          for (int j = 0; j < size; j++) {
            byte[] value = redis.bulk();
            bytes += value == null ? 0 : value.length;
          }
          rows++;
        }
        asked = chunk;
        if (chunk.isEmpty()) {
          Checksum.use(bytes);
          return rows;
        }
      }
    }
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
