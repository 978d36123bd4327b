package dev.tarn.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system of a few megabytes in memory; a test is skipped where it may not be mounted. */
public final class SmallDisk implements AutoCloseable {

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  public static SmallDisk ofMegabytes(int megabytes) throws IOException {
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")) && Files.exists(Path.of("/proc/mounts")),
        "only root on Linux may mount a small disk");
    Path folder = Files.createTempDirectory("tarn-disk-");
    int failed = run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder);
    if (failed != 0) {
      Files.delete(folder);
    }
    Assumptions.assumeTrue(failed == 0, "a small disk cannot be mounted here");
    return new SmallDisk(folder);
  }

  public Path folder() {
    return folder;
  }

  private static int run(Object... command) throws IOException {
    Process process =
        new ProcessBuilder(java.util.Arrays.stream(command).map(Object::toString).toList())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.onExit().join().exitValue();
  }

  @Override
  public void close() throws IOException {
    run("umount", "-l", folder);
    Files.delete(folder);
  }
}
