package dev.tarn.redis.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SipHashTest {

  /** The first and the sixteenth of the reference code's vectors: keys and bytes count from 0. */
  @Test
  void agreesWithTheReference() {
    var hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    assertThat(hexadecimal(hash, new byte[0])).isEqualTo("a3817f04ba25a8e66df67214c7550293");
    byte[] bytes = new byte[15];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    assertThat(hexadecimal(hash, bytes)).isEqualTo("5493e99933b0a8117e08ec0f97cfc3d9");
  }

  private static String hexadecimal(SipHash hash, byte[] bytes) {
    long first = Long.reverseBytes(hash.first(bytes));
    long second = Long.reverseBytes(hash.second());
    return HexFormat.of().toHexDigits(first) + HexFormat.of().toHexDigits(second);
  }
}
