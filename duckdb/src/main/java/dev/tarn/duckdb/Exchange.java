package dev.tarn.duckdb;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Two paths swapped in one step, which the JDK has no call for: renameat2(2) with RENAME_EXCHANGE
 * on Linux, renamex_np(2) with RENAME_SWAP on macOS. The only step that a reader of a folder can
 * see while the folder is replaced.
 */
final class Exchange {

  /** AT_FDCWD of fcntl.h on Linux. */
  private static final int CURRENT_FOLDER = -100;

  /** RENAME_EXCHANGE of linux/fs.h, and RENAME_SWAP of sys/stdio.h on macOS: both are 2. */
  private static final int SWAP = 2;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final @Nullable MethodHandle LINUX =
      find(
          "renameat2",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT));
  private static final @Nullable MethodHandle MACOS =
      find("renamex_np", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));

  private Exchange() {}

  /** Whether the paths were swapped; false where the system or the file system cannot. */
  static boolean tryExchange(Path one, Path other) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      var a = arena.allocateFrom(one.toString());
      var b = arena.allocateFrom(other.toString());
      if (LINUX != null) {
        return (int) LINUX.invokeExact(CURRENT_FOLDER, a, CURRENT_FOLDER, b, SWAP) == 0;
      }
      return MACOS != null && (int) MACOS.invokeExact(a, b, SWAP) == 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  @SuppressWarnings("restricted") // two system calls that the JDK does not offer
  private static @Nullable MethodHandle find(String function, FunctionDescriptor descriptor) {
    return Optional.of(LINKER.defaultLookup())
        .flatMap(lookup -> lookup.find(function))
        .map(address -> LINKER.downcallHandle(address, descriptor))
        .orElse(null);
  }
}
