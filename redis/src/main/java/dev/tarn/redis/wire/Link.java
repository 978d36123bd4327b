package dev.tarn.redis.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * A connection to a server: commands go out in order, and their answers come back in order. Used by
 * one thread at a time; {@link #close} may come from any, and ends what waits.
 */
public final class Link implements AutoCloseable {

  private static final int CAPACITY = 1 << 16;
  private static final int UNKNOWN = Integer.MIN_VALUE / 2;

  private final Peer peer;
  private final Address address;
  private final ChannelSocket plain;
  private final Resp outgoing = new Resp(CAPACITY);
  private final OutputStream out;
  private final Buffered connection;

  private long roundTrip;

  /** Commands that were not answered yet; negative where they are not counted. */
  private int unanswered;

  private boolean broken;
  private volatile boolean closed;

  /**
   * @param plain what the bytes go through at last: closing it never waits
   * @param socket the same, or TLS over it
   */
  Link(Peer peer, Address address, ChannelSocket plain, Socket socket) {
    this.peer = peer;
    this.address = address;
    this.plain = plain;
    this.out = output(socket);
    this.connection = new Buffered(new Once(socket), this::flush);
  }

  private static OutputStream output(Socket socket) {
    try {
      return socket.getOutputStream();
    } catch (IOException e) {
      throw new LostConnection("Redis: " + reason(e), e);
    }
  }

  public Address address() {
    return address;
  }

  void roundTrip(long nanos) {
    roundTrip = nanos;
  }

  /** How long the server took to answer when nothing else was asked, in nanoseconds. */
  public long roundTrip() {
    return roundTrip;
  }

  /** How long answers were waited for, in nanoseconds since it was made. */
  public long waited() {
    return plain.waited();
  }

  /** Puts a command into the outgoing buffer. */
  public void send(Command command, byte[]... arguments) {
    unanswered++;
    outgoing.header(1 + arguments.length);
    outgoing.bulk(command.getRaw());
    for (byte[] argument : arguments) {
      if (argument.length > CAPACITY) {
        outgoing.bulkOf(argument.length);
        flush();
        raw(argument, 0, argument.length);
        outgoing.end();
      } else {
        outgoing.bulk(argument);
        if (outgoing.size() > CAPACITY) {
          flush();
        }
      }
    }
  }

  /** Sends commands that are written as the protocol wants them, and waits for nothing. */
  public void write(byte[] bytes, int begin, int end) {
    unanswered = UNKNOWN;
    flush();
    raw(bytes, begin, end);
  }

  private void raw(byte[] bytes, int begin, int end) {
    try {
      out.write(bytes, begin, end - begin);
      out.flush();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** Sends what is in the buffer, and waits for nothing. */
  public void flush() {
    int size = outgoing.size();
    if (size == 0) {
      return;
    }
    outgoing.truncate(0);
    try {
      out.write(outgoing.bytes(), 0, size);
      out.flush();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /**
   * Sends what is in the buffer and waits for the next answer.
   *
   * @return {@code byte[]}, {@link Long}, null, {@link ServerError}, a list of such; in RESP3 also
   *     {@link Double}, {@link Boolean}, and lists of {@link redis.clients.jedis.util.KeyValue}
   */
  public @Nullable Object reply() {
    try {
      Object reply = connection.getOne();
      unanswered--;
      if (reply instanceof List<?> list) {
        errorsIn(list);
      }
      return reply;
    } catch (JedisConnectionException e) {
      throw lost(e);
    } catch (JedisDataException e) {
      unanswered--;
      return error(e);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw lost(new JedisConnectionException("what it answers is not of the protocol", e));
    }
  }

  /**
   * As {@link #reply}, but of a list only the first element that is an error and the first that is
   * none, as they come: what {@code EXEC} answers may be as large as what was sent.
   */
  public @Nullable Object briefReply() {
    connection.brief = true;
    try {
      return reply();
    } finally {
      connection.brief = false;
    }
  }

  /** What {@code EXEC} answers is a list that errors can be in. */
  @SuppressWarnings("unchecked")
  private static void errorsIn(List<?> list) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof JedisDataException e) {
        ((List<Object>) list).set(i, error(e));
      }
    }
  }

  private static ServerError error(JedisDataException e) {
    return new ServerError(String.valueOf(e.getMessage()));
  }

  /** Whether all that was sent was answered, so that another may go on with it. */
  boolean isIdle() {
    return unanswered == 0 && !closed;
  }

  /** Whether it was lost. */
  boolean isBroken() {
    return broken;
  }

  /** Sends a command and waits for its answer; none may be outstanding. */
  public @Nullable Object call(Command command, byte[]... arguments) {
    send(command, arguments);
    return reply();
  }

  /** Sends commands, and waits for an answer to each; none may be outstanding. */
  public List<@Nullable Object> call(List<Request> requests) {
    requests.forEach(request -> send(request.command(), request.arguments()));
    var replies = new ArrayList<@Nullable Object>(requests.size());
    for (int i = 0; i < requests.size(); i++) {
      replies.add(reply());
    }
    return replies;
  }

  /** An answer that is a list. */
  public static List<?> list(@Nullable Object reply) {
    return reply instanceof List<?> list ? list : List.of();
  }

  /** How long the next answers may take. */
  public void readTimeout(Duration time) {
    try {
      connection.setSoTimeout((int) time.toMillis());
    } catch (JedisConnectionException e) {
      throw lost(e);
    }
  }

  private LostConnection lost(Exception e) {
    unanswered = UNKNOWN;
    broken = true;
    return new LostConnection("%s: %s".formatted(peer.at(address), reason(e)), e);
  }

  static String reason(Throwable e) {
    Throwable cause = e;
    while (!(cause instanceof IOException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    if (message != null && message.startsWith("Unexpected end of stream")) {
      return "it closed the connection";
    }
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  @Override
  public void close() {
    closed = true;
    try (plain) {
      plain.close();
      connection.forceDisconnect();
    } catch (IOException | RuntimeException e) {
      System.getLogger(Link.class.getName())
          .log(System.Logger.Level.DEBUG, "Cannot close a connection to Redis", e);
    }
  }

  /** Reads what comes; what goes out is written by us. */
  private static final class Buffered extends Connection {
    private final Runnable flush;
    private boolean brief;

    Buffered(JedisSocketFactory sockets, Runnable flush) {
      super(sockets);
      this.flush = flush;
      connect();
    }

    @Override
    protected void flush() {
      flush.run();
    }

    @Override
    protected @Nullable Object protocolRead(RedisInputStream in, PushConsumerChain pushes) {
      return brief && in.peek((byte) '*') ? brief(in, pushes) : super.protocolRead(in, pushes);
    }

    private @Nullable List<@Nullable Object> brief(RedisInputStream in, PushConsumerChain pushes) {
      in.readByte();
      int count = in.readIntCrLf();
      var some = new ArrayList<@Nullable Object>(2);
      boolean hasError = false;
      boolean hasOther = false;
      for (int i = 0; i < count; i++) {
        try {
          Object element = super.protocolRead(in, pushes);
          if (!hasOther) {
            some.add(element);
          }
          hasOther = true;
        } catch (JedisDataException e) {
          if (!hasError) {
            some.add(e);
          }
          hasError = true;
        }
      }
      return count < 0 ? null : some;
    }
  }

  /** A connection that connected again by itself would not be logged in. */
  private static final class Once implements JedisSocketFactory {
    private final AtomicReference<@Nullable Socket> socket;

    Once(Socket socket) {
      this.socket = new AtomicReference<>(socket);
    }

    @Override
    public Socket createSocket() {
      Socket first = socket.getAndSet(null);
      if (first == null) {
        throw new JedisConnectionException("the connection was closed");
      }
      return first;
    }
  }
}
