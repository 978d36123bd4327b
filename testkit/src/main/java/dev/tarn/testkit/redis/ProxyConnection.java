package dev.tarn.testkit.redis;

import java.io.IOException;
import java.net.Socket;

/** A client's connection to a proxy and the proxy's to the server. */
final class ProxyConnection {

  private final Socket client;
  private final Socket server;
  private final ProxyPump toServer;
  private final ProxyPump toClient;

  private ProxyConnection(
      Socket client, Socket server, ProxyLink toServer, ProxyLink toClient, Gate gate) {
    this.client = client;
    this.server = server;
    this.toServer = new ProxyPump(this, client, server, toServer, gate);
    this.toClient = new ProxyPump(this, server, client, toClient, gate);
  }

  static ProxyConnection of(
      Socket client, int port, ProxyLink toServer, ProxyLink toClient, Gate gate)
      throws IOException {
    client.setTcpNoDelay(true);
    var server = new Socket(Ports.LOOPBACK, port);
    server.setTcpNoDelay(true);
    return new ProxyConnection(client, server, toServer, toClient, gate);
  }

  /** Hands on until both sides have ended. */
  void run() throws IOException {
    Thread other = Thread.ofVirtual().start(toServer::run);
    toClient.run();
    try {
      other.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  private void close() throws IOException {
    client.close();
    server.close();
  }

  void end(FlakyProxy.End end) throws IOException {
    switch (end) {
      case RESET -> reset();
      case CLOSE -> close();
    }
  }

  void reset() {
    reset(client);
    reset(server);
  }

  /** Closes a socket so that the other side sees a reset. */
  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException alreadyClosed) {
      // as wanted
    }
  }
}
