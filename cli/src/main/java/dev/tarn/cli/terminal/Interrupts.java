package dev.tarn.cli.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and SIGTERM: the command's thread is interrupted, which cancels its query, and has a few
 * seconds to remove what it left in temporary folders before the process ends.
 */
public final class Interrupts {

  private static final long PATIENCE_SECONDS = 3;
  private static final CountDownLatch ENDED = new CountDownLatch(1);
  private static volatile @Nullable Thread interrupted;
  private static volatile Runnable lastResort = () -> {};

  private Interrupts() {}

  /** From now on signals stop the command that runs on this thread. */
  public static void install() {
    Thread command = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("tarn-interrupt").unstarted(() -> stop(command)));
  }

  /** The command has ended by itself, and nothing is left to stop. */
  public static void commandEnded() {
    ENDED.countDown();
  }

  /** What to do where the command does not end in time, as it waits for somebody to read on. */
  public static void lastResort(Runnable closing) {
    lastResort = closing;
  }

  /** Whether a signal stopped the command. */
  public static boolean happened() {
    return interrupted != null;
  }

  private static void stop(Thread command) {
    if (ENDED.getCount() == 0) {
      return;
    }
    interrupted = command;
    command.interrupt();
    try {
      if (!ENDED.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        lastResort.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
