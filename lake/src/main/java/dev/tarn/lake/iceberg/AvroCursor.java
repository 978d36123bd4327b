package dev.tarn.lake.iceberg;

import java.nio.ByteBuffer;

/**
 * Walks over values in Avro's binary encoding. Avro's own decoder would do, but each of its values
 * takes several calls, of which a process that has just started can afford few.
 */
final class AvroCursor {

  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private int length;

  /** Goes on at the start of a block. */
  void over(ByteBuffer block) {
    if (block.hasArray()) {
      bytes = block.array();
      at = block.arrayOffset() + block.position();
      end = at + block.remaining();
    } else {
      bytes = new byte[block.remaining()];
      block.duplicate().get(bytes);
      at = 0;
      end = bytes.length;
    }
  }

  /** A cursor of its own over a part of the block. */
  AvroCursor within(int from, int size) {
    var part = new AvroCursor();
    part.over(ByteBuffer.wrap(bytes, from, size));
    return part;
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return at;
  }

  boolean isAtEnd() {
    return at == end;
  }

  /** An int, a long, the number of a branch, a length. */
  long number() {
    long number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        throw damaged("it ends within a number");
      }
      byte next = bytes[at++];
      number |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (number >>> 1) ^ -(number & 1);
      }
    }
    throw damaged("a number is too long");
  }

  int integer() {
    long number = number();
    if (number != (int) number) {
      throw damaged("a number is too large");
    }
    return (int) number;
  }

  /** Steps over text or bytes, which begin at what is returned and are {@link #length} long. */
  int text() {
    long size = number();
    skip(size);
    length = (int) size;
    return at - length;
  }

  int length() {
    return length;
  }

  void skip(long count) {
    if (count < 0 || count > end - at) {
      throw damaged("a value is longer than its block");
    }
    at += (int) count;
  }

  /** How many items of an array or a map come next; 0 at its end. */
  long items() {
    long items = number();
    if (items < 0) {
      number(); // how many bytes they are
      items = -items;
    }
    if (items < 0 || items > end - at) {
      throw damaged("a list is longer than its block");
    }
    return items;
  }

  static DamagedManifest damaged(String why) {
    return new DamagedManifest(why);
  }

  /** What was read cannot be what was written. */
  static final class DamagedManifest extends RuntimeException {
    private static final long serialVersionUID = 1;

    DamagedManifest(String why) {
      super(why);
    }
  }
}
