package dev.tarn.testkit.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/** A port of the loopback interface; each connection is served by a virtual thread of its own. */
final class Listener implements AutoCloseable {

  private static final int BACKLOG = 1024;

  private final ServerSocket socket;
  private final Thread acceptor;

  Listener(int port, Consumer<Socket> served) throws IOException {
    this.socket = new ServerSocket(port, BACKLOG, Ports.LOOPBACK);
    this.acceptor = Thread.ofVirtual().start(() -> acceptAll(served));
  }

  private void acceptAll(Consumer<Socket> served) {
    try {
      while (true) {
        Socket client = socket.accept();
        Thread.ofVirtual().start(() -> served.accept(client));
      }
    } catch (IOException closed) {
      // as wanted
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  boolean isClosed() {
    return socket.isClosed();
  }

  /** Refuses connections when it returns: the port is free once no thread waits there. */
  @Override
  public void close() {
    try {
      socket.close();
      acceptor.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
