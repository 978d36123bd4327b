package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tarn.redis.decode.Numbers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members with their scores: one after the other, or in pairs, as RESP3 has ranges. */
record Scores(List<?> reply) {

  int size() {
    return isPaired() ? reply.size() : reply.size() / 2;
  }

  private boolean isPaired() {
    return !reply.isEmpty() && reply.getFirst() instanceof List<?>;
  }

  private @Nullable Object part(int index, int part) {
    return reply.get(index) instanceof List<?> pair ? pair.get(part) : reply.get(2 * index + part);
  }

  byte[] member(int index) {
    return part(index, 0) instanceof byte[] member ? member : new byte[0];
  }

  double score(int index) {
    return switch (part(index, 1)) {
      case Double score -> score;
      case byte[] text when Numbers.isDouble(text) -> Numbers.toDouble(text);
      case byte[] text ->
          throw new IllegalStateException("no score: " + new String(text, US_ASCII));
      case null, default -> throw new IllegalStateException("no score");
    };
  }
}
