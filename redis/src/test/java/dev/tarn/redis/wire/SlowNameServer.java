package dev.tarn.redis.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** In the place of the system's, for all tests of the room: some names take as long as wanted. */
public final class SlowNameServer extends InetAddressResolverProvider {

  /** How names end that it is slow to look up; they are this host, and Java remembers them then. */
  static final String SLOW = ".slow.test";

  /** A name that nobody has, which it says at once. */
  static final String UNKNOWN = "unknown.test";

  private static volatile CountDownLatch answers = new CountDownLatch(1);

  /** From now on whoever asks waits. */
  static void freeze() {
    answers = new CountDownLatch(1);
  }

  /** Answers those who wait, and whoever asks. */
  static void thaw() {
    answers.countDown();
  }

  @Override
  public String name() {
    return "slow";
  }

  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver system = configuration.builtinResolver();
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
          throws UnknownHostException {
        if (host.equals(UNKNOWN)) {
          throw new UnknownHostException(host);
        }
        return host.endsWith(SLOW) ? waited() : system.lookupByName(host, policy);
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        return system.lookupByAddress(address);
      }
    };
  }

  /** As the system's own call, it goes on waiting when it is interrupted. */
  private static Stream<InetAddress> waited() {
    boolean interrupted = false;
    while (true) {
      try {
        answers.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return Stream.of(InetAddress.ofLiteral("127.0.0.1"));
  }
}
