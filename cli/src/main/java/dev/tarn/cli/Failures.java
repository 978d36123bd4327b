package dev.tarn.cli;

import dev.tarn.error.TarnException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Errors as people are told them. */
final class Failures {

  private Failures() {}

  static void report(Throwable error, boolean stackTrace, PrintStream err) {
    err.println(message(error));
    if (stackTrace) {
      error.printStackTrace(err);
    }
    err.flush();
  }

  private static String message(Throwable error) {
    return switch (error) {
      case TarnException e -> String.valueOf(e.getMessage());
      case IOException e ->
          "Cannot write the output: %s. Free space, or write it elsewhere."
              .formatted(oneLine(e.getMessage()));
      case OutOfMemoryError e ->
          "Cannot hold the result: Java's memory ran out (%s). Print it as csv or ndjson, or give it more with TARN_JAVA_OPTS=-Xmx8g."
              .formatted(oneLine(e.getMessage()));
      default ->
          "Cannot go on: %s. This is a bug in Tarn; run it again with --stacktrace and report what it prints."
              .formatted(oneLine(error.toString()));
    };
  }

  static String oneLine(@Nullable String text) {
    return String.valueOf(text).strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("\\.$", "");
  }

  /** Whether it says that nobody reads the output any more. */
  static boolean isBrokenPipe(IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("broken pipe") || message.contains("pipe is being closed");
  }
}
