package dev.tarn.testkit.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A server of a cluster, and what it takes the cluster to be. */
record ClusterNode(RedisServer server, int busPort) {

  /** As short as it may be without failovers by a busy machine. */
  private static final int NODE_TIMEOUT_MILLIS = 1000;

  static ClusterNode start(RedisOptions options) throws IOException, InterruptedException {
    int busPort = Ports.free();
    RedisOptions own =
        options
            .line("cluster-enabled yes")
            .line("cluster-port " + busPort)
            .line("cluster-node-timeout " + NODE_TIMEOUT_MILLIS)
            .line("cluster-allow-replica-migration no")
            .line("cluster-replica-validity-factor 0")
            .line("repl-diskless-sync-delay 0");
    if (options.certificates() != null) {
      own = own.line("tls-cluster yes");
    }
    return new ClusterNode(RedisServer.start(own), busPort);
  }

  String id() {
    return String.valueOf(server.text("CLUSTER", "MYID"));
  }

  void meet(ClusterNode other) {
    server.command("CLUSTER", "MEET", "127.0.0.1", other.server.port(), other.busPort);
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

  /** The primary's port of each range of slots, by the first slot. */
  Map<Long, Long> owners() {
    var owners = new TreeMap<Long, Long>();
    if (server.text("CLUSTER", "SLOTS") instanceof List<?> ranges) {
      for (Object each : ranges) {
        if (each instanceof List<?> range && range.get(2) instanceof List<?> primary) {
          owners.put((Long) range.getFirst(), (Long) primary.get(1));
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
