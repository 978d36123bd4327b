package dev.tarn.duckdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/**
 * Texts of a vector, read where the engine holds them: the driver makes a native call for each,
 * which takes longer than all else that is done for a row.
 *
 * <p>A text is a {@code duckdb_string_t} of {@code duckdb.h}: 16 bytes, which begin with its length
 * in bytes; up to 12 bytes of UTF-8 follow at once, longer texts have their address in the last
 * eight. Used by one thread at a time, while the vector's chunk is open.
 */
final class StringMemory {

  private static final int WIDTH = 16;
  private static final int MOST_INLINED = 12;

  private static final @Nullable Access ACCESS = access();

  private final Access access;
  private final byte[] scratch = new byte[4096];

  /** What it takes: the field of the vector that holds its memory, and all of the memory. */
  private record Access(VarHandle data, MemorySegment memory) {}

  private StringMemory(Access access) {
    this.access = access;
  }

  /** Null where texts cannot be read; then the driver is to be asked for each. */
  static @Nullable StringMemory open() {
    return ACCESS == null ? null : new StringMemory(ACCESS);
  }

  @SuppressWarnings("restricted") // where it is denied, the driver is asked
  private static @Nullable Access access() {
    try {
      VarHandle data =
          MethodHandles.privateLookupIn(DuckDBReadableVector.class, MethodHandles.lookup())
              .findVarHandle(DuckDBReadableVector.class, "data", ByteBuffer.class);
      return new Access(data, MemorySegment.NULL.reinterpret(Long.MAX_VALUE));
    } catch (ReflectiveOperationException | IllegalCallerException e) {
      return null; // another driver, or native access was denied to us
    }
  }

  /** The 16 bytes of each row, in the machine's order. */
  ByteBuffer of(DuckDBReadableVector vector) {
    return (ByteBuffer) access.data().get(vector);
  }

  /** The text of a row that is not null. */
  String text(ByteBuffer vector, int row) {
    int start = row * WIDTH;
    int length = vector.getInt(start);
    byte[] bytes = length <= scratch.length ? scratch : new byte[length];
    if (length <= MOST_INLINED) {
      vector.get(start + Integer.BYTES, bytes, 0, length);
    } else {
      long address = vector.getLong(start + Long.BYTES);
      MemorySegment.copy(access.memory(), ValueLayout.JAVA_BYTE, address, bytes, 0, length);
    }
    return new String(bytes, 0, length, UTF_8);
  }
}
