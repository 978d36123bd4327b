package dev.tarn.redis.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A channel as a socket, which Java has for TCP only. Its time-out holds for writing as well: a
 * server that has stopped reading would hold a writer for ever otherwise. One thread reads and
 * writes; {@link #close} may come from any, and ends what waits. An interrupt ends what waits too.
 */
final class ChannelSocket extends Socket {

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(1 << 16).limit(0);
  private long waited;
  private volatile int timeout;
  private volatile boolean closed;

  private ChannelSocket(SocketChannel channel, Selector selector) throws IOException {
    this.channel = channel;
    this.selector = selector;
    channel.configureBlocking(false);
    this.key = channel.register(selector, 0);
  }

  /** Takes the channel over, in whatever state it is, and closes it where that fails. */
  static ChannelSocket over(SocketChannel channel) throws IOException {
    @Nullable Selector selector = null;
    try {
      selector = Selector.open();
      return new ChannelSocket(channel, selector);
    } catch (IOException | RuntimeException e) {
      channel.close();
      if (selector != null) {
        selector.close();
      }
      throw e;
    }
  }

  /** Connects by TCP, and waits until the connection stands. */
  @Override
  public void connect(SocketAddress address, int millis) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    channel.connect(address);
    while (!channel.finishConnect()) {
      await(SelectionKey.OP_CONNECT, millis, "no connection");
    }
  }

  private void await(int operation, int millis, String missing) throws IOException {
    try {
      if (key.interestOps() != operation) {
        key.interestOps(operation);
      }
      int ready = selector.select(done -> {}, millis);
      if (closed) {
        throw new SocketException("the connection was closed");
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("the thread was interrupted");
      }
      if (ready == 0) {
        throw new SocketTimeoutException("%s in %s s".formatted(missing, millis / 1000.0));
      }
    } catch (ClosedSelectorException | CancelledKeyException e) {
      throw closed(e);
    }
  }

  private static SocketException closed(Throwable cause) {
    return (SocketException) new SocketException("the connection was closed").initCause(cause);
  }

  /** By way of a large buffer, for whoever reads by small ones: a call of the system takes long. */
  private int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!incoming.hasRemaining()) {
      incoming.clear();
      int read = channel.read(incoming);
      incoming.flip();
      if (read < 0) {
        return -1;
      }
      if (read == 0) {
        long start = System.nanoTime();
        await(SelectionKey.OP_READ, timeout, "no answer");
        waited += System.nanoTime() - start;
      }
    }
    int read = Math.min(length, incoming.remaining());
    incoming.get(bytes, offset, read);
    return read;
  }

  /** How long its reader had nothing to read, in nanoseconds since it was made. */
  long waited() {
    return waited;
  }

  private void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    while (buffer.hasRemaining()) {
      if (channel.write(buffer) == 0) {
        await(SelectionKey.OP_WRITE, timeout, "nothing more was read");
      }
    }
  }

  @Override
  public InputStream getInputStream() {
    return new Input();
  }

  @Override
  public OutputStream getOutputStream() {
    return new Output();
  }

  @Override
  public void setSoTimeout(int millis) {
    timeout = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeout;
  }

  @Override
  public boolean isConnected() {
    return channel.isConnected();
  }

  @Override
  public boolean isBound() {
    return channel.isConnected();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public boolean isInputShutdown() {
    return closed;
  }

  @Override
  public boolean isOutputShutdown() {
    return closed;
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** Closing the selector as well is what lets a waiting thread go, and the descriptor with it. */
  @Override
  public void close() throws IOException {
    closed = true;
    try (selector) {
      channel.close();
    }
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return ChannelSocket.this.read(bytes, offset, length);
      } catch (ClosedChannelException e) {
        throw closed(e);
      }
    }

    @Override
    public void close() throws IOException {
      ChannelSocket.this.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        ChannelSocket.this.write(bytes, offset, length);
      } catch (ClosedChannelException e) {
        throw closed(e);
      }
    }

    @Override
    public void close() throws IOException {
      ChannelSocket.this.close();
    }
  }
}
