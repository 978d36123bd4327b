package dev.tarn.testkit.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A server of a cluster, and what it takes the cluster to be. */
record ClusterNode(RedisServer server, int busPort, String id) {

  /** As short as it may be without failovers by a busy machine. */
  private static final int NODE_TIMEOUT_MILLIS = 1000;

  private static final int BUS_OFFSET = 10_000;

  static ClusterNode start(RedisOptions options) throws IOException, InterruptedException {
    RedisOptions own =
        options
            .line("cluster-enabled yes")
            .line("cluster-node-timeout " + NODE_TIMEOUT_MILLIS)
            .line("cluster-allow-replica-migration no")
            .line("cluster-replica-validity-factor 0")
            .line("repl-diskless-sync-delay 0");
    if (options.certificates() != null) {
      own = own.line("tls-cluster yes");
    }
    if (RedisServer.isBefore(7)) { // the bus has a port that cannot be chosen
      RedisServer server = RedisServer.start(own);
      return of(server, server.port() + BUS_OFFSET);
    }
    int busPort = Ports.free();
    return of(RedisServer.start(own.line("cluster-port " + busPort)), busPort);
  }

  /** It keeps its id when it is started again. */
  private static ClusterNode of(RedisServer server, int busPort) {
    return new ClusterNode(server, busPort, String.valueOf(server.text("CLUSTER", "MYID")));
  }

  void meet(ClusterNode other) {
    server.command("CLUSTER", "MEET", "127.0.0.1", other.server.port(), other.busPort);
  }

  /** The last included. */
  void addSlots(int first, int last) {
    Stream<Object> slots = IntStream.rangeClosed(first, last).boxed().map(slot -> slot);
    server.command(Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots).toArray());
  }

  boolean isPrimary() {
    return server.info("replication").getOrDefault("role", "").equals("master");
  }

  /** Whether it follows a primary and has all of its data. */
  boolean isReplicaInStep() {
    return server.info("replication").getOrDefault("master_link_status", "").equals("up");
  }

  boolean isInOrder() {
    return String.valueOf(server.text("CLUSTER", "INFO")).contains("cluster_state:ok");
  }

  boolean knows(List<ClusterNode> all) {
    String known = String.valueOf(server.text("CLUSTER", "NODES"));
    return all.stream().allMatch(node -> known.contains(node.id())) && !known.contains("handshake");
  }

  /** The newest state of the cluster that it knows of. */
  String epoch() {
    return Info.values(String.valueOf(server.text("CLUSTER", "INFO")))
        .getOrDefault("cluster_current_epoch", "");
  }

  /** The primary's id of each range of slots, by the first slot. */
  NavigableMap<Long, String> owners() {
    var owners = new TreeMap<Long, String>();
    if (server.text("CLUSTER", "SLOTS") instanceof List<?> ranges) {
      for (Object each : ranges) {
        if (each instanceof List<?> range && range.get(2) instanceof List<?> primary) {
          owners.put((Long) range.getFirst(), String.valueOf(primary.get(2)));
        }
      }
    }
    return owners;
  }

  boolean isAlive() {
    try {
      return server.isAlive() && "PONG".equals(server.command("PING"));
    } catch (UncheckedIOException gone) {
      return false;
    }
  }
}
