package dev.tarn.redis.wire;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The numbers of hosts. The system's own call, which asks name servers, has no time-out and cannot
 * be interrupted, so it has a thread of its own that others wait for. Safe for use by several
 * threads.
 */
final class HostNames {

  /** What is asked now. Name servers that do not answer hold one thread for each name. */
  private static final ConcurrentMap<String, FutureTask<InetAddress[]>> ASKED =
      new ConcurrentHashMap<>();

  private HostNames() {}

  /** All numbers of a name, or what is a number already. */
  static InetAddress[] numbers(String host, Duration limit) throws IOException {
    try {
      return new InetAddress[] {InetAddress.ofLiteral(host)};
    } catch (IllegalArgumentException itIsAName) {
      return await(ASKED.computeIfAbsent(host, HostNames::ask), limit);
    }
  }

  private static FutureTask<InetAddress[]> ask(String host) {
    var asked = new FutureTask<>(() -> InetAddress.getAllByName(host));
    Thread.ofPlatform()
        .daemon()
        .name("tarn-host-name")
        .start(() -> {
          asked.run();
          ASKED.remove(host, asked);
        });
    return asked;
  }

  private static InetAddress[] await(FutureTask<InetAddress[]> asked, Duration limit)
      throws IOException {
    try {
      return asked.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "no name server tells its number in %s s".formatted(limit.toMillis() / 1000.0), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("the thread was interrupted").initCause(e);
    } catch (ExecutionException e) {
      throw new IOException(
          e.getCause() instanceof UnknownHostException
              ? "there is no host of this name"
              : String.valueOf(e.getCause()),
          e);
    }
  }
}
