package dev.tarn.testkit.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Hands on the bytes of one direction of a connection. A thread reads them and says when each is
 * due; another writes them then. So bytes on the way do not hold up those behind them.
 */
final class ProxyPump {

  private static final int BUFFER = 1 << 16;

  /** More than any wire holds: a second of ten gigabits would be more, tests have no such. */
  private static final int ON_THE_WAY = 256 << 20;

  private final ProxyConnection connection;
  private final Socket from;
  private final Socket to;
  private final ProxyLink link;
  private final Gate gate;
  private final BlockingQueue<Chunk> wire = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(ON_THE_WAY);
  private final CutPlan.Cut cut;
  private long written;

  ProxyPump(ProxyConnection connection, Socket from, Socket to, ProxyLink link, Gate gate) {
    this.connection = connection;
    this.from = from;
    this.to = to;
    this.link = link;
    this.gate = gate;
    this.cut = link.nextCut();
  }

  /** Empty at the end of the stream. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Chunk(byte[] bytes, long dueNanos) {}

  void run() {
    Thread reader = Thread.ofVirtual().start(this::readAll);
    try {
      writeAll();
    } catch (IOException broken) {
      connection.reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reader.interrupt();
  }

  private void readAll() {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        room.acquire(count);
        put(Arrays.copyOf(buffer, count));
      }
    } catch (IOException broken) {
      // ends for the other side as well
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    put(new byte[0]);
  }

  private void put(byte[] bytes) {
    wire.add(new Chunk(bytes, System.nanoTime() + link.delayNanos()));
  }

  private void writeAll() throws IOException, InterruptedException {
    OutputStream out = to.getOutputStream();
    for (Chunk chunk = wire.take(); chunk.bytes().length > 0; chunk = wire.take()) {
      sleepUntil(chunk.dueNanos());
      if (!write(out, chunk.bytes())) {
        link.countCut();
        connection.end(cut.end());
        return;
      }
      room.release(chunk.bytes().length);
    }
    gate.pass();
    to.shutdownOutput();
  }

  /** Returns false where the connection is to break. */
  private boolean write(OutputStream out, byte[] bytes) throws IOException, InterruptedException {
    int allowed = (int) Math.min(bytes.length, cut.bytes() - written);
    for (int at = 0; at < allowed; ) {
      int count = link.slice(allowed - at);
      sleepUntil(link.reserve(count));
      gate.pass();
      out.write(bytes, at, count);
      link.countBytes(count);
      at += count;
    }
    written += allowed;
    return allowed == bytes.length;
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }
}
