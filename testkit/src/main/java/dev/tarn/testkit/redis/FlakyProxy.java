package dev.tarn.testkit.redis;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bad network in front of a server: a port of the loopback interface that hands on to the
 * server's, with delays, little bandwidth, connections that break, and pauses. It begins as a good
 * one; what is set counts at once, what breaks connections counts for new ones.
 */
public final class FlakyProxy implements AutoCloseable {

  /** Which way bytes go. */
  public enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  /** How a connection breaks: by a reset, or by an end of the stream as if all were well. */
  public enum End {
    RESET,
    CLOSE
  }

  private final int port;
  private final AtomicLong connections = new AtomicLong();
  private final Set<ProxyConnection> open = ConcurrentHashMap.newKeySet();
  private final ProxyLink toServer = new ProxyLink();
  private final ProxyLink toClient = new ProxyLink();
  private final Gate gate = new Gate();
  private volatile int target;
  private Listener listener;

  private FlakyProxy(int target) throws IOException {
    this.target = target;
    this.port = Ports.free();
    this.listener = new Listener(port, this::connect);
  }

  /** In front of a port of the loopback interface. */
  public static FlakyProxy to(int port) throws IOException {
    return new FlakyProxy(port);
  }

  private void connect(Socket client) {
    connections.incrementAndGet();
    try {
      var connection = ProxyConnection.of(client, target, toServer, toClient, gate);
      open.add(connection);
      connection.run();
      open.remove(connection);
    } catch (IOException noServer) {
      ProxyConnection.reset(client);
    }
  }

  /** Where clients connect to. */
  public int port() {
    return port;
  }

  /** Connections from now on go to another port. */
  public void target(int other) {
    target = other;
  }

  private ProxyLink link(Direction direction) {
    return direction == Direction.TO_SERVER ? toServer : toClient;
  }

  /** Bytes arrive so much later, as over a long wire: what is on the way does not wait in turn. */
  public void delay(Direction direction, Duration delay) {
    link(direction).delay(delay);
  }

  /** All connections together get so many bytes through in a second. */
  public void bandwidth(Direction direction, long bytesPerSecond) {
    link(direction).bandwidth(bytesPerSecond);
  }

  /**
   * Breaks connections that are made from now on: each after a number of bytes in a direction, at
   * random by a seed. All bytes before it arrive if it is a {@link End#CLOSE}; a reset throws away
   * what the other side has not read yet.
   *
   * @param least bytes that get through on a connection
   * @param most bytes that get through on a connection
   * @param times connections to break; the ones after them last
   */
  public void cut(Direction direction, End end, long seed, long least, long most, int times) {
    link(direction).cut(new CutPlan(end, seed, least, most, times));
  }

  /** Connections made from now on last, without delay and limit of bandwidth for any. */
  public void heal() {
    toServer.heal();
    toClient.heal();
  }

  /** Breaks all connections there are by a reset. */
  public void cutNow() {
    open.forEach(ProxyConnection::reset);
  }

  /** Refuses connections, as a port does that nobody listens to; those there are go on. */
  public synchronized void refuse() {
    listener.close();
  }

  /** Accepts connections again. */
  public synchronized void accept() throws IOException {
    if (listener.isClosed()) {
      listener = new Listener(port, this::connect);
    }
  }

  /** Accepts connections, and no byte gets through in any. */
  public void freeze() {
    gate.shut();
  }

  /** Lets bytes through again, those held back first. */
  public void thaw() {
    gate.open();
  }

  /** How many connections have been accepted. */
  public long connections() {
    return connections.get();
  }

  /** How many connections there are. */
  public int openConnections() {
    return open.size();
  }

  /** How many bytes have got through. */
  public long bytes(Direction direction) {
    return link(direction).bytes();
  }

  /** How many connections {@link #cut} has broken. */
  public long cuts() {
    return toServer.cuts() + toClient.cuts();
  }

  @Override
  public void close() {
    refuse();
    gate.open();
    cutNow();
  }
}
