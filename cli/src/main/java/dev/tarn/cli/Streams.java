package dev.tarn.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes. All text is UTF-8, whatever the locale says.
 *
 * @param out results; buffered, and unlike {@link System#out} it tells when it cannot be written
 * @param err errors, progress and notes
 */
public record Streams(InputStream in, OutputStream out, PrintStream err) {

  private static final int BUFFER_BYTES = 1 << 16;

  /** Those of the process. */
  static Streams system() {
    return new Streams(
        System.in,
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
  }
}
