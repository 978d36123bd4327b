package dev.tarn.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A JVM of its own with the class path of the tests: for what may kill, be killed, or be denied.
 * Its temporary folder is the test's, since a killed JVM leaves DuckDB's unpacked library behind.
 */
public final class ChildProcess implements AutoCloseable {

  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  private final Process process;
  private final BufferedReader output;

  private ChildProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a main class. */
  public static ChildProcess start(Path folder, Class<?> main, String... arguments) {
    return start(List.of(), List.of(), folder, main, arguments);
  }

  /** Starts a main class with options of the JVM, {@code -Xmx64m} say. */
  public static ChildProcess start(
      List<String> options, Path folder, Class<?> main, String... arguments) {
    return start(List.of(), options, folder, main, arguments);
  }

  /** Starts a main class for which, though it is root, permissions count; skips where none can. */
  public static ChildProcess startWithoutPrivileges(
      Path folder, Class<?> main, String... arguments) {
    boolean root = "root".equals(System.getProperty("user.name"));
    Assumptions.assumeTrue(
        !root || Files.isExecutable(SETPRIV),
        "permissions do not count for root, setpriv is absent");
    return start(
        root
            ? List.of(SETPRIV.toString(), "--bounding-set=-dac_override,-dac_read_search")
            : List.of(),
        List.of(),
        folder,
        main,
        arguments);
  }

  private static ChildProcess start(
      List<String> prefix, List<String> options, Path folder, Class<?> main, String... arguments) {
    var command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new ChildProcess(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next line it prints, to either stream; null at the end. */
  public @Nullable String line() {
    try {
      return output.readLine();
    } catch (IOException closed) {
      return null;
    }
  }

  /** Reads up to a line that begins so, and returns the rest of it. */
  public String await(String prefix) {
    var seen = new ArrayList<String>();
    for (String line = line(); line != null; line = line()) {
      if (line.startsWith(prefix)) {
        return line.substring(prefix.length());
      }
      seen.add(line);
    }
    throw new AssertionError("the child never said '" + prefix + "', but: " + seen);
  }

  /** All that it still prints, once it has ended. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    for (String line = line(); line != null; line = line()) {
      lines.add(line);
    }
    return lines;
  }

  /** Writes a line to its standard input. */
  public void send(String line) throws IOException {
    Writer input = process.outputWriter(StandardCharsets.UTF_8);
    input.write(line + "\n");
    input.flush();
  }

  /** Kills it at once, as {@code kill -9} does, and waits for its end. */
  public void kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // that of the process would throw away what it has said
    process.waitFor();
  }

  /** Waits for its end. */
  public int exitCode(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the child still runs after " + limit);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
