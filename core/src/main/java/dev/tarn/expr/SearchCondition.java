package dev.tarn.expr;

import static java.util.Objects.requireNonNull;

import dev.tarn.error.InvalidRequest;
import java.math.BigDecimal;
import java.util.List;

/** What a search index is asked of a column. A sealed family of immutable records. */
public sealed interface SearchCondition {

  /** The condition on a column, as people write it. */
  String text(String column);

  /**
   * All words of a text occur in the column; words between double quotes one behind the other.
   *
   * @param text as people type it, without a language of its own
   */
  record Words(String text) implements SearchCondition {
    public Words {
      requireNonNull(text);
    }

    @Override
    public String text(String column) {
      return "matches(%s, '%s')".formatted(column, text);
    }
  }

  /**
   * The place in the column is not farther from another than some metres.
   *
   * @param longitude -180 to 180
   * @param latitude -90 to 90
   * @param metres more than 0
   */
  record Near(double longitude, double latitude, double metres) implements SearchCondition {
    public Near {
      if (!(Math.abs(longitude) <= 180) || !(Math.abs(latitude) <= 90)) {
        throw new InvalidRequest(
            "Cannot search near longitude %s, latitude %s: there is no such place. Give -180 to 180 and -90 to 90."
                .formatted(longitude, latitude));
      }
      if (!(metres > 0) || Double.isInfinite(metres)) {
        throw new InvalidRequest(
            "Cannot search within %s metres. Give more than 0.".formatted(metres));
      }
    }

    @Override
    public String text(String column) {
      return "within(%s, %s, %s, %s m)"
          .formatted(column, plain(longitude), plain(latitude), plain(metres));
    }

    private static String plain(double number) {
      return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
  }

  /**
   * The vector in the column is one of the nearest to another.
   *
   * @param vector finite numbers, as many as the column's vectors have
   * @param count how many rows, 1 to 1,000,000
   */
  record Nearest(List<Float> vector, int count) implements SearchCondition {
    public Nearest {
      vector = List.copyOf(vector);
      if (vector.isEmpty() || !vector.stream().allMatch(Float::isFinite)) {
        throw new InvalidRequest(
            "Cannot search near a vector that is empty or has numbers that are not finite. Give one like those of the column.");
      }
      if (count < 1 || count > 1_000_000) {
        throw new InvalidRequest(
            "Cannot search for the nearest %,d. Give 1 to 1,000,000.".formatted(count));
      }
    }

    @Override
    public String text(String column) {
      return "nearest(%s, %d numbers, %,d)".formatted(column, vector.size(), count);
    }
  }
}
