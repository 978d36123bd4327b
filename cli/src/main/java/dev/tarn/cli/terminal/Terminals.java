package dev.tarn.cli.terminal;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/** Whether standard streams are terminals, which the JDK tells only of two at once. */
public final class Terminals {

  public static final int IN = 0;
  public static final int OUT = 1;
  public static final int ERR = 2;

  private Terminals() {}

  /**
   * Asks isatty(3); takes some 20 ms at the first time, so ask late. Where the system has none the
   * answer is no.
   */
  @SuppressWarnings("restricted") // a system call that the JDK does not offer
  public static boolean isTerminal(int descriptor) {
    Linker linker = Linker.nativeLinker();
    var function = linker.defaultLookup().find("isatty");
    if (function.isEmpty()) {
      return false;
    }
    try {
      return (int)
              linker
                  .downcallHandle(function.get(), FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                  .invokeExact(descriptor)
          == 1;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
