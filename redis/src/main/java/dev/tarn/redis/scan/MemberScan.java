package dev.tarn.redis.scan;

import dev.tarn.redis.wire.Link;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a scan of a key's members is: members that stay come at least once, also while others come
 * and go, and by their fingerprints once.
 *
 * @param cursor as the server gave it; another server begins anew
 * @param seen members of earlier pages; null to keep those that come twice
 * @param count members to ask for
 */
@SuppressWarnings("ArrayRecordComponent")
record MemberScan(byte[] cursor, @Nullable Fingerprints seen, int count) {

  static MemberScan start(int count) {
    return new MemberScan(Arguments.ZERO, null, count);
  }

  static MemberScan of(@Nullable Object position) {
    return position instanceof MemberScan scan ? scan : start(1);
  }

  boolean isFirst() {
    return seen == null && isEnd(cursor);
  }

  /** The cursor of an answer of {@code SSCAN} or {@code ZSCAN}. */
  static byte[] cursor(@Nullable Object reply) {
    return Link.list(reply).getFirst() instanceof byte[] cursor ? cursor : Arguments.ZERO;
  }

  /** Its members, and scores between them with {@code ZSCAN}. */
  static List<?> members(@Nullable Object reply) {
    return Link.list(Link.list(reply).get(1));
  }

  static boolean isEnd(byte[] cursor) {
    return cursor.length == 1 && cursor[0] == '0';
  }

  /** What is known of members that were seen; none at other positions. */
  static long kept(@Nullable Object position) {
    return position instanceof MemberScan scan && scan.seen != null
        ? scan.seen.size() * Fingerprints.BYTES
        : 0;
  }

  MemberScan anew() {
    return new MemberScan(Arguments.ZERO, seen, count);
  }
}
