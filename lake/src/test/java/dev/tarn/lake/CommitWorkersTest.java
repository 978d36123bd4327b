package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which threads do the steps of a commit, by a clock that only the steps move. */
class CommitWorkersTest {

  private final AtomicLong clock = new AtomicLong();
  private final CommitWorkers workers = new CommitWorkers(clock::get);

  private Thread step(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    return Thread.currentThread();
  }

  private Set<Thread> threads(int steps, long millis) throws Exception {
    List<Future<Thread>> done = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      done.add(workers.submit(() -> step(millis)));
    }
    var threads = new HashSet<Thread>();
    for (Future<Thread> one : done) {
      threads.add(one.get());
    }
    return threads;
  }

  @Test
  void shortStepsAreDoneByTheCommittingThread() throws Exception {
    assertThat(threads(500, 1)).containsExactly(Thread.currentThread());
  }

  @Test
  void othersHelpWithLongSteps() throws Exception {
    assertThat(threads(12, 30)).hasSizeGreaterThan(1);
  }

  /** A commit that is tried again must not be pushed back into sleeps by one step that was slow. */
  @Test
  void onceStepsAreShortAgainTheCommittingThreadDoesThem() throws Exception {
    threads(1, 100);
    threads(100, 0);
    assertThat(threads(100, 0)).containsExactly(Thread.currentThread());
  }
}
