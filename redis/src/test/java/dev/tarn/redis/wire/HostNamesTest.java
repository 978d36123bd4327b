package dev.tarn.redis.wire;

import static dev.tarn.redis.wire.ServersFixture.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.LimitExceeded;
import dev.tarn.error.Unavailable;
import dev.tarn.testkit.redis.RedisServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Name servers that do not answer. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD) // it would wait for ever
class HostNamesTest {

  @BeforeEach
  void freeze() {
    SlowNameServer.freeze();
  }

  @AfterEach
  void thaw() {
    SlowNameServer.thaw();
  }

  @Test
  void areGivenUpInTime() throws Exception {
    try (RedisServer server = RedisServer.start();
        Servers servers = at("one", server.port(), "connect_timeout=200ms&retry_for=0")) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(servers::assignment)
            .isInstanceOf(Unavailable.class)
            .hasMessage(
                "Cannot reach Redis: Redis at one.slow.test:%d: no name server tells its number in 0.2 s. Check that it runs and that the URL is right. [redis://one.slow.test:%d]",
                server.port(), server.port());
      }
      assertThat(asking()).isEqualTo(1);
      SlowNameServer.thaw();
      try (Servers patient = at("one", server.port(), "retry_for=10")) {
        assertThat(patient.assignment().primaries()).hasSize(1);
      }
    }
  }

  private static long asking() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("tarn-host-name"))
        .count();
  }

  @Test
  void anInterruptEndsTheWaiting() {
    try (Servers servers = at("two", 1, "connect_timeout=60m")) {
      var thread = Thread.currentThread();
      CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(thread::interrupt);
      assertThatThrownBy(servers::assignment)
          .isInstanceOf(LimitExceeded.class)
          .hasMessage("Cannot wait for Redis: the thread was interrupted. Run it again.");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aNameThatNobodyHasIsSaid() {
    try (Servers servers = open("redis://" + SlowNameServer.UNKNOWN + ":1?retry_for=0")) {
      assertThatThrownBy(servers::assignment)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("Redis at unknown.test:1: there is no host of this name.");
    }
  }

  private static Servers at(String name, int port, String query) {
    return open("redis://" + name + SlowNameServer.SLOW + ":" + port + "?" + query);
  }
}
