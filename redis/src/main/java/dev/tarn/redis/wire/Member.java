package dev.tarn.redis.wire;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A line of {@code CLUSTER NODES}: what one server knows of another, or of itself.
 *
 * @param address without a host where nobody has said it yet
 * @param epoch of the configuration by which it has its slots
 * @param importing which of its slots come from whom right now; only what a server says of itself
 * @param exporting which of its slots go to whom
 */
record Member(
    String id,
    Address address,
    Set<String> flags,
    long epoch,
    BitSet slots,
    Map<Integer, String> importing,
    Map<Integer, String> exporting) {

  static List<Member> all(String reply) {
    return reply.lines().filter(line -> !line.isBlank()).map(Member::of).toList();
  }

  /**
   * {@code id host:port@bus,name flags primary ping pong epoch state slot slot-slot [slot->-id]}
   */
  private static Member of(String line) {
    String[] words = line.strip().split(" ", -1);
    if (words.length < 8) {
      throw new LostConnection("the cluster says of a node '%s'".formatted(line), null);
    }
    var slots = new BitSet(Slots.COUNT);
    var importing = new HashMap<Integer, String>();
    var exporting = new HashMap<Integer, String>();
    for (int i = 8; i < words.length; i++) {
      addSlots(words[i], slots, importing, exporting);
    }
    return new Member(
        words[0],
        address(words[1]),
        Set.copyOf(List.of(words[2].split(",", -1))),
        Long.parseLong(words[6]),
        slots,
        importing,
        exporting);
  }

  private static void addSlots(
      String word, BitSet slots, Map<Integer, String> importing, Map<Integer, String> exporting) {
    if (!word.startsWith("[")) {
      String[] range = word.split("-", -1);
      slots.set(Integer.parseInt(range[0]), Integer.parseInt(range[range.length - 1]) + 1);
      return;
    }
    int dash = word.indexOf('-');
    Integer slot = Integer.valueOf(word.substring(1, dash));
    String other = word.substring(dash + 3, word.length() - 1);
    (word.startsWith("->-", dash) ? exporting : importing).put(slot, other);
  }

  private static Address address(String word) {
    String text = word.split(",", -1)[0].split("@", -1)[0];
    int colon = text.lastIndexOf(':');
    return Address.tcp(
        text.substring(0, Math.max(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }

  boolean isSelf() {
    return flags.contains("myself");
  }

  boolean isPrimary() {
    return flags.contains("master");
  }

  /** Whether the cluster has given it up, or does not know it yet. */
  boolean isGone() {
    return flags.contains("fail") || flags.contains("noaddr") || flags.contains("handshake");
  }
}
