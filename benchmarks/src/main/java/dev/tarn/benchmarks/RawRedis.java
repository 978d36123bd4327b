package dev.tarn.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The floor of what reading Redis costs: a blocking socket, and a parser that makes a byte array of
 * each value and nothing else.
 */
final class RawRedis implements Closeable {

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int end;

  RawRedis(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
    out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
  }

  /** A command, or the beginning of one, ready to be sent. */
  static byte[] encoded(int parts, String... arguments) {
    var text = new StringBuilder("*" + parts + "\r\n");
    for (String argument : arguments) {
      text.append('$').append(argument.length()).append("\r\n").append(argument).append("\r\n");
    }
    return text.toString().getBytes(US_ASCII);
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  void sendArgument(byte[] argument) throws IOException {
    out.write('$');
    out.write(Integer.toString(argument.length).getBytes(US_ASCII));
    out.write('\r');
    out.write('\n');
    out.write(argument);
    out.write('\r');
    out.write('\n');
  }

  void flush() throws IOException {
    out.flush();
  }

  private byte next() throws IOException {
    if (position == end) {
      end = in.read(buffer);
      position = 0;
      if (end < 0) {
        throw new EOFException("the server closed the connection");
      }
    }
    return buffer[position++];
  }

  private long number() throws IOException {
    long value = 0;
    boolean negative = false;
    for (byte b = next(); b != '\r'; b = next()) {
      if (b == '-') {
        negative = true;
      } else {
        value = value * 10 + (b - '0');
      }
    }
    next();
    return negative ? -value : value;
  }

  /** A bulk string; null where there is none. */
  byte @Nullable [] bulk() throws IOException {
    byte type = next();
    long length = number();
    if (type != '$') {
      throw new IOException("no bulk string but " + (char) type);
    }
    if (length < 0) {
      return null;
    }
    var bytes = new byte[(int) length];
    int done = 0;
    while (done < bytes.length) {
      if (position == end) {
        end = in.read(buffer);
        position = 0;
        if (end < 0) {
          throw new EOFException("the server closed the connection");
        }
      }
      int some = Math.min(bytes.length - done, end - position);
      System.arraycopy(buffer, position, bytes, done, some);
      position += some;
      done += some;
    }
    next();
    next();
    return bytes;
  }

  /** How many elements follow. */
  int array() throws IOException {
    byte type = next();
    if (type != '*') {
      throw new IOException("no array but " + (char) type);
    }
    return (int) number();
  }

  /** A line, such as OK. */
  String line() throws IOException {
    var line = new StringBuilder();
    for (byte b = next(); b != '\r'; b = next()) {
      line.append((char) b);
    }
    next();
    return line.toString();
  }

  /** One call of SCAN: fills the list, and returns the next cursor. */
  String scan(String cursor, String pattern, int count, List<byte[]> keys) throws IOException {
    send(encoded(6, "SCAN", cursor, "MATCH", pattern, "COUNT", Integer.toString(count)));
    flush();
    array();
    String next = new String(requireNonNull(bulk()), US_ASCII);
    int size = array();
    for (int i = 0; i < size; i++) {
      keys.add(requireNonNull(bulk()));
    }
    return next;
  }

  static List<byte[]> keys() {
    return new ArrayList<>();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
