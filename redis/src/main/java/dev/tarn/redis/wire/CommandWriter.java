package dev.tarn.redis.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes commands as the protocol has them: arrays of bulk strings. Jedis does the same by way of
 * some objects for each argument, which took a quarter of a scan's CPU time.
 */
final class CommandWriter {

  /** Heads of arguments of usual lengths: {@code $5\r\n}. */
  private static final byte[][] ARGUMENTS = heads('$');

  /** And of commands with usual numbers of arguments. */
  private static final byte[][] COMMANDS = heads('*');

  private final OutputStream out;
  private final byte[] buffer = new byte[1 << 16];
  private int size;

  CommandWriter(OutputStream out) {
    this.out = out;
  }

  void write(byte[] command, byte[][] arguments) throws IOException {
    int parts = 1 + arguments.length;
    append(parts < COMMANDS.length ? COMMANDS[parts] : head('*', parts));
    argument(command);
    for (byte[] argument : arguments) {
      argument(argument);
    }
  }

  private void argument(byte[] bytes) throws IOException {
    append(bytes.length < ARGUMENTS.length ? ARGUMENTS[bytes.length] : head('$', bytes.length));
    append(bytes);
    if (size + 2 > buffer.length) {
      flush();
    }
    buffer[size++] = '\r';
    buffer[size++] = '\n';
  }

  private static byte[][] heads(char type) {
    var heads = new byte[1024][];
    for (int i = 0; i < heads.length; i++) {
      heads[i] = head(type, i);
    }
    return heads;
  }

  private static byte[] head(char type, int number) {
    return (type + Integer.toString(number) + "\r\n").getBytes(US_ASCII);
  }

  private void append(byte[] bytes) throws IOException {
    if (size + bytes.length > buffer.length) {
      flush();
    }
    if (bytes.length > buffer.length) {
      out.write(bytes);
    } else {
      System.arraycopy(bytes, 0, buffer, size, bytes.length);
      size += bytes.length;
    }
  }

  void flush() throws IOException {
    if (size > 0) {
      int length = size;
      size = 0;
      out.write(buffer, 0, length);
    }
  }
}
