package dev.tarn.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@code tarn} in a process of its own, with temporary and home folders of its own. */
final class TarnProcess {

  /** A query that runs for hours. */
  static final String ENDLESS =
      "SELECT count(DISTINCT hash(a, b)) FROM range(1000000) x(a), range(1000000) y(b)";

  private final Path folder;

  TarnProcess(Path folder) {
    this.folder = folder;
  }

  /** The words of the command line. */
  List<String> command(String... args) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.matches("--(enable-native|sun-misc|add-opens).*"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    command.addAll(List.of(args));
    return command;
  }

  /** The same as one line for a shell. */
  String line(String... args) {
    return String.join(" ", command(args).stream().map(TarnProcess::quoted).toList());
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  ProcessBuilder builder(String... command) {
    var builder = new ProcessBuilder(command);
    builder.environment().put("HOME", folder.toString());
    builder.environment().remove("XDG_STATE_HOME");
    builder.environment().put("TERM", "xterm");
    return builder;
  }

  Process start(String... args) throws IOException {
    return builder(command(args).toArray(String[]::new))
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  String err() throws IOException {
    return Files.readString(folder.resolve("err"), StandardCharsets.UTF_8);
  }

  /** Waits until the query runs: the engine has made its folder for it by then. */
  void awaitRunning() throws InterruptedException {
    for (int i = 0; i < 300 && spillFolders().isEmpty(); i++) {
      Thread.sleep(50);
    }
    Thread.sleep(700);
  }

  /** What queries that ended have left in their temporary folders. */
  List<Path> spilled() {
    return spillFolders().stream().flatMap(parent -> list(parent).stream()).toList();
  }

  private List<Path> spillFolders() {
    return list(folder).stream()
        .filter(file -> file.getFileName().toString().startsWith("tarn-spill-"))
        .toList();
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void signal(ProcessHandle process, String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** The exit code; 128 + n where a signal ended it. */
  static int awaitEnd(Process process) throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after 30 s");
    }
    return process.exitValue();
  }
}
