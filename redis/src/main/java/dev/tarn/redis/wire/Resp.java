package dev.tarn.redis.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Commands as the protocol writes them, in a buffer that grows. Used by one thread at a time. */
public final class Resp {

  private static final int LONGEST_NUMBER = 20;

  private byte[] bytes;
  private int size;

  public Resp(int capacity) {
    this.bytes = new byte[capacity];
  }

  public byte[] bytes() {
    return bytes;
  }

  public int size() {
    return size;
  }

  /** Takes away what came after. */
  public void truncate(int newSize) {
    size = newSize;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      long wanted =
          Math.max((long) size + more, Math.min(bytes.length * 2L, bytes.length + 4_000_000L));
      bytes = Arrays.copyOf(bytes, Math.toIntExact(wanted));
    }
  }

  /** A command's beginning. */
  public void header(int parts) {
    reserve(LONGEST_NUMBER + 3);
    number('*', parts);
  }

  /** The beginning of an argument that is written elsewhere; {@link #end} goes behind it. */
  void bulkOf(int length) {
    reserve(LONGEST_NUMBER + 3);
    number('$', length);
  }

  public void bulk(byte[] value) {
    reserve(value.length + LONGEST_NUMBER + 5);
    number('$', value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    end();
  }

  public void bulk(String ascii) {
    bulk(ascii.getBytes(US_ASCII));
  }

  public void bulk(long value) {
    if (value == Long.MIN_VALUE) {
      bulk(Long.toString(value));
      return;
    }
    reserve(2 * LONGEST_NUMBER + 5);
    number('$', digits(Math.abs(value)) + (value < 0 ? 1 : 0));
    if (value < 0) {
      bytes[size++] = '-';
    }
    digits(Math.abs(value), digits(Math.abs(value)));
    end();
  }

  /** What is written as the protocol wants it already. */
  public void raw(byte[] source, int from, int to) {
    reserve(to - from);
    System.arraycopy(source, from, bytes, size, to - from);
    size += to - from;
  }

  public void raw(byte[] source) {
    raw(source, 0, source.length);
  }

  private void number(char kind, int value) {
    bytes[size++] = (byte) kind;
    digits(value, digits((long) value));
    end();
  }

  private void digits(long value, int count) {
    long rest = value;
    for (int i = size + count - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += count;
  }

  private static int digits(long value) {
    int count = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      count++;
    }
    return count;
  }

  void end() {
    bytes[size++] = '\r';
    bytes[size++] = '\n';
  }

  // ---- and back

  /** A command without arguments, or with these. */
  public static byte[] command(String... parts) {
    var out = new Resp(64);
    out.header(parts.length);
    for (String part : parts) {
      out.bulk(part);
    }
    return Arrays.copyOf(out.bytes, out.size);
  }

  /** The commands that a part of a buffer holds. */
  public static List<Request> requests(byte[] bytes, int begin, int end) {
    var requests = new ArrayList<Request>();
    var position = new Position(bytes, begin);
    while (position.at < end) {
      var parts = new byte[position.number()][];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = position.bulk();
      }
      Command command = Command.of(new String(parts[0], US_ASCII));
      requests.add(new Request(command, Arrays.copyOfRange(parts, 1, parts.length)));
    }
    return requests;
  }

  private static final class Position {
    private final byte[] bytes;
    private int at;

    Position(byte[] bytes, int at) {
      this.bytes = bytes;
      this.at = at;
    }

    int number() {
      int value = 0;
      for (at++; bytes[at] != '\r'; at++) {
        value = value * 10 + bytes[at] - '0';
      }
      at += 2;
      return value;
    }

    byte[] bulk() {
      int length = number();
      byte[] value = Arrays.copyOfRange(bytes, at, at + length);
      at += length + 2;
      return value;
    }
  }
}
