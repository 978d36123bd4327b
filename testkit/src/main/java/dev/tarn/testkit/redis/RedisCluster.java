package dev.tarn.testkit.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of real servers, with the slots dealt out evenly. A group is a primary with its
 * replica, if it has one; the groups are counted from 0, and keep their number when the replica
 * takes over.
 */
public final class RedisCluster implements AutoCloseable {

  /** How many slots a cluster has. */
  public static final int SLOTS = 16_384;

  private static final int PRIMARIES = 3;

  private final RedisOptions options;
  private final List<List<ClusterNode>> groups = new ArrayList<>();

  private RedisCluster(RedisOptions options) {
    this.options = options;
  }

  /** Starts three primaries without replicas; skips the test where Redis is not installed. */
  public static RedisCluster ofPrimaries(RedisOptions options)
      throws IOException, InterruptedException {
    return start(options, 1);
  }

  /** Starts three primaries with a replica each; skips the test where Redis is not installed. */
  public static RedisCluster withReplicas(RedisOptions options)
      throws IOException, InterruptedException {
    return start(options, 2);
  }

  private static RedisCluster start(RedisOptions options, int ofGroup)
      throws IOException, InterruptedException {
    var cluster = new RedisCluster(options);
    try {
      cluster.launch(ofGroup);
      cluster.join(ofGroup);
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void launch(int ofGroup) throws IOException, InterruptedException {
    for (int group = 0; group < PRIMARIES; group++) {
      var nodes = new ArrayList<ClusterNode>();
      groups.add(nodes);
      for (int i = 0; i < ofGroup; i++) {
        nodes.add(ClusterNode.start(options));
      }
      int first = group * SLOTS / PRIMARIES;
      int last = (group + 1) * SLOTS / PRIMARIES - 1;
      nodes.getFirst().addSlots(first, last);
    }
  }

  private void join(int ofGroup) throws InterruptedException {
    List<ClusterNode> all = nodes();
    for (int i = 0; i < all.size(); i++) {
      all.get(i).server().command("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
    }
    for (ClusterNode node : all) {
      all.stream().filter(other -> !other.equals(node)).forEach(node::meet);
    }
    Await.until("each node knows all", () -> all.stream().allMatch(node -> node.knows(all)));
    if (ofGroup > 1) {
      for (List<ClusterNode> group : groups) {
        group.getLast().server().command("CLUSTER", "REPLICATE", group.getFirst().id());
      }
      Await.until(
          "the replicas follow",
          () -> groups.stream().allMatch(group -> group.getLast().isReplicaInStep()));
    }
    awaitAgreement();
  }

  private List<ClusterNode> nodes() {
    return groups.stream().flatMap(List::stream).toList();
  }

  private List<ClusterNode> living() {
    return nodes().stream().filter(ClusterNode::isAlive).toList();
  }

  private ClusterNode anyLiving() {
    return nodes().stream().filter(ClusterNode::isAlive).findFirst().orElseThrow();
  }

  /**
   * Waits until all nodes that live are in order, and agree on who has which slot and on the epoch:
   * two that take a slot in the same one may leave it to each other, and nobody has it.
   */
  public void awaitAgreement() throws InterruptedException {
    Await.until(
        "the cluster is in order",
        () -> {
          List<ClusterNode> living = living();
          return living.stream().allMatch(ClusterNode::isInOrder)
              && living.stream().map(ClusterNode::owners).distinct().count() == 1
              && living.stream().map(ClusterNode::epoch).distinct().count() == 1;
        });
  }

  /**
   * {@code redis-cluster://127.0.0.1:port,127.0.0.1:port}, or {@code rediss-cluster://…}: all nodes
   * it was started with, and the password if any.
   */
  public String url() {
    return url(options.passwordLogin());
  }

  /** As {@link #url()}, for a user. */
  public String url(String user, String password) {
    return url(RedisOptions.login(user, password));
  }

  private String url(String login) {
    String nodes =
        groups.stream()
            .limit(PRIMARIES)
            .flatMap(List::stream)
            .map(node -> "127.0.0.1:" + node.server().port())
            .collect(Collectors.joining(","));
    return options.scheme() + "-cluster://" + login + nodes;
  }

  /** All servers, primaries and replicas. */
  public List<RedisServer> servers() {
    return nodes().stream().map(ClusterNode::server).toList();
  }

  /** How many groups there are. */
  public int groups() {
    return groups.size();
  }

  /** The primary of a group now. */
  public RedisServer primary(int group) {
    return primaryNode(group).server();
  }

  ClusterNode primaryNode(int group) {
    return groups.get(group).stream()
        .filter(node -> node.isAlive() && node.isPrimary())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("Group " + group + " has no primary"));
  }

  List<ClusterNode> primaryNodes() {
    return living().stream().filter(ClusterNode::isPrimary).toList();
  }

  /** The replica of a group now. */
  public RedisServer replica(int group) {
    return replicaNode(group).server();
  }

  private ClusterNode replicaNode(int group) {
    return groups.get(group).stream()
        .filter(node -> node.isAlive() && !node.isPrimary())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("Group " + group + " has no replica"));
  }

  /** The slot of a key. */
  public int slot(Object key) {
    Object slot = anyLiving().server().command("CLUSTER", "KEYSLOT", key);
    return Math.toIntExact((Long) java.util.Objects.requireNonNull(slot));
  }

  /** The group whose primary has a slot. */
  public int groupOf(int slot) {
    int group = 0;
    while (primary(group).port() != owner(slot).port()) {
      group++;
    }
    return group;
  }

  /** The primary that owns a slot. */
  public RedisServer owner(int slot) {
    String owner = anyLiving().owners().floorEntry((long) slot).getValue();
    return nodes().stream()
        .filter(node -> node.id().equals(owner))
        .findFirst()
        .orElseThrow()
        .server();
  }

  /** Sends a command, whose second part is the key, to the key's owner. */
  public @Nullable Object command(Object... command) {
    return owner(slot(command[1])).command(command);
  }

  /** As {@link #command}, with all bytes of the reply as UTF-8 text. */
  public @Nullable Object text(Object... command) {
    return Resp.text(command(command));
  }

  /** Makes the replica of a group its primary, in good order, and waits until all know it. */
  public void failover(int group) throws InterruptedException {
    ClusterNode replica = replicaNode(group);
    replica.server().command("CLUSTER", "FAILOVER");
    awaitPrimary(replica);
  }

  /** Kills the primary of a group and waits until its replica has taken over. */
  public void killPrimary(int group) throws InterruptedException {
    ClusterNode replica = replicaNode(group);
    primary(group).kill();
    awaitPrimary(replica);
  }

  private void awaitPrimary(ClusterNode node) throws InterruptedException {
    String id = node.id();
    Await.until(
        "the replica is primary",
        () -> living().stream().allMatch(each -> each.owners().containsValue(id)));
    awaitAgreement();
  }

  /** Adds a group of one empty primary, and returns its number. */
  public int addGroup() throws IOException, InterruptedException {
    ClusterNode node = ClusterNode.start(options);
    List<ClusterNode> others = living();
    groups.add(List.of(node));
    others.forEach(node::meet);
    List<ClusterNode> all = living();
    Await.until("each node knows all", () -> all.stream().allMatch(each -> each.knows(all)));
    awaitAgreement();
    return groups.size() - 1;
  }

  /** Moves slots, the last included, from one group to another with all their keys. */
  public void moveSlots(int from, int to, int first, int last) throws InterruptedException {
    List<ClusterNode> primaries = primaryNodes();
    ClusterNode source = primaryNode(from);
    ClusterNode target = primaryNode(to);
    for (int slot = first; slot <= last; slot++) {
      new SlotMove(primaries, slot, source, target).finish();
    }
    awaitAgreement();
  }

  /**
   * Moves slots in turns, each to the next group, in a thread of its own and without a pause.
   *
   * @return ends it; gives how many were moved, when the last is where it belongs
   */
  public Callable<Integer> keepMoving(List<Integer> slots, int most) {
    var over = new AtomicBoolean();
    var moving =
        new FutureTask<>(() -> {
          int moves = 0;
          for (; moves < most && !over.get(); moves++) {
            int slot = slots.get(moves % slots.size());
            int from = groupOf(slot);
            moveSlots(from, (from + 1) % groups(), slot, slot);
          }
          return moves;
        });
    Thread.ofPlatform().daemon().name("slots").start(moving);
    return () -> {
      over.set(true);
      return moving.get();
    };
  }

  /** Begins to move a slot; until it is finished, keys that are gone are answered with ASK. */
  public SlotMove beginMove(int slot, int from, int to) {
    return new SlotMove(primaryNodes(), slot, primaryNode(from), primaryNode(to));
  }

  @Override
  public void close() {
    nodes().forEach(node -> node.server().close());
  }
}
