package dev.tarn.redis.write;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Writes documents that RedisJSON takes, and keeps as they are. One that it refused would be gone
 * where it was to replace another; a number that it cannot hold it would change and say nothing.
 */
final class DocumentGenerator extends JsonGeneratorDelegate {

  /** The parser of RedisJSON, serde_json, refuses the 128th. */
  private static final int MOST_LEVELS = 127;

  /** Up to so many characters, no exponent among them, a double has all digits. */
  private static final int SURELY_KEPT = 15;

  DocumentGenerator(JsonGenerator out) {
    super(out, false);
  }

  @Override
  public void writeStartArray() throws IOException {
    super.writeStartArray();
    checkDepth();
  }

  @Override
  public void writeStartObject() throws IOException {
    super.writeStartObject();
    checkDepth();
  }

  private void checkDepth() {
    if (getOutputContext().getNestingDepth() > MOST_LEVELS) {
      throw new Unwritable(
          "the document has more than %d levels, which RedisJSON refuses".formatted(MOST_LEVELS));
    }
  }

  @Override
  public void writeNumber(String number) throws IOException {
    if (!isKept(number)) {
      throw new Unwritable(
          "the number %s in column %s would not be kept, for RedisJSON has integers of 64 bits and doubles: cast it to VARCHAR or DOUBLE"
              .formatted(number, column()));
    }
    super.writeNumber(number);
  }

  /** The member of the row that is being written. */
  private String column() {
    JsonStreamContext context = getOutputContext();
    while (!context.getParent().inRoot()) {
      context = context.getParent();
    }
    return context.getCurrentName();
  }

  private static boolean isKept(String number) {
    boolean isPlain = number.chars().noneMatch(c -> c == 'e' || c == 'E');
    if (isPlain && number.length() <= SURELY_KEPT) {
      return true;
    }
    if (isPlain && number.indexOf('.') < 0 && isOf64Bits(new BigInteger(number))) {
      return true;
    }
    double kept = Double.parseDouble(number);
    return Double.isFinite(kept) && isSame(number, kept);
  }

  private static boolean isOf64Bits(BigInteger number) {
    return number.bitLength() < Long.SIZE
        || (number.signum() > 0 && number.bitLength() == Long.SIZE);
  }

  private static boolean isSame(String number, double kept) {
    try {
      return new BigDecimal(number).compareTo(new BigDecimal(Double.toString(kept))) == 0;
    } catch (NumberFormatException e) {
      return false; // its exponent is beyond 32 bits
    }
  }
}
