package dev.tarn.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Processes that a benchmark starts, on the JDK that it runs on itself. */
final class Child {

  private Child() {}

  /** A Java command line: options of the JVM, class path and the rest. */
  static List<String> java(List<String> options, String classPath, Object... rest) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.add("-cp");
    command.add(classPath);
    for (Object argument : rest) {
      command.add(argument.toString());
    }
    return command;
  }

  /** The class path that this process runs on. */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Runs to the end and returns what it printed. */
  static String run(List<String> command) throws IOException, InterruptedException {
    Path errors = Files.createTempFile("tarn-child-", ".txt");
    try {
      var builder = new ProcessBuilder(command).redirectError(errors.toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "TARN_JAVA_OPTS"));
      Process process = builder.start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(
            "Child process ended with %d: %s".formatted(code, Files.readString(errors).strip()));
      }
      return printed;
    } finally {
      Files.delete(errors);
    }
  }

  /** The most memory that this process ever had resident, where the system tells (Linux). */
  static OptionalLong peakBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return OptionalLong.empty();
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst();
  }

  /** Numbers that a child printed as {@code name=number}. */
  static Map<String, Double> numbers(String printed) {
    var numbers = new java.util.HashMap<String, Double>();
    for (String pair : printed.strip().split("\\s+", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        numbers.put(pair.substring(0, equals), Double.valueOf(pair.substring(equals + 1)));
      }
    }
    return numbers;
  }
}
