package dev.tarn.duckdb;

import dev.tarn.error.BadData;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.zip.CRC32;

/**
 * The checksums that pages of Parquet files may carry, which DuckDB does not look at: a changed
 * byte in a page that is not compressed would be a changed value. Footers are DuckDB's to read; of
 * pages only the headers are, by Thrift's compact protocol, field 3 being the size and field 4 the
 * CRC-32 of what follows (parquet.thrift, PageHeader). A header that makes no sense is left to
 * DuckDB.
 */
final class PageChecksums {

  private static final int STRUCT = 12;
  private static final int MOST_NESTED = 32;

  private PageChecksums() {}

  /**
   * Reads all pages of a file.
   *
   * @throws BadData when one does not fit its checksum
   */
  static void verify(Session session, String file) throws SQLException {
    String sql =
        "SELECT path_in_schema, data_page_offset,"
            + " CASE WHEN dictionary_page_offset BETWEEN 4 AND data_page_offset"
            + " THEN dictionary_page_offset ELSE data_page_offset END AS start,"
            + " total_compressed_size FROM parquet_metadata("
            + FileWriter.literal(FileGlobs.escaped(file))
            + ")";
    try (var statement = session.connection().prepare(sql);
        ResultSet chunks = statement.executeQuery();
        FileChannel channel = FileChannel.open(Path.of(file), StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      while (chunks.next()) {
        long start = chunks.getLong(3);
        if (!new Chunk(bytes, start, start + chunks.getLong(4)).isSound()) {
          throw new BadData(
              "Cannot read [%s]: a page of column %s is damaged, its checksum does not fit. Restore the file from a copy."
                  .formatted(file, chunks.getString(1)));
        }
      }
    } catch (IOException e) {
      throw new SQLException("IO Error: " + e.getMessage(), e);
    }
  }

  /** The pages of one column in one row group. */
  private static final class Chunk {
    private final MemorySegment bytes;
    private final long end;
    private long at;
    private long size;
    private long crc;

    Chunk(MemorySegment bytes, long start, long end) {
      this.bytes = bytes;
      this.at = start;
      this.end = Math.min(end, bytes.byteSize());
    }

    boolean isSound() {
      try {
        while (at >= 0 && at < end) {
          size = -1;
          crc = -1;
          struct(0);
          if (size < 0 || at + size > end) {
            return true; // for DuckDB to say
          }
          if (crc >= 0 && crc != computed()) {
            return false;
          }
          at += size;
        }
        return true;
      } catch (IndexOutOfBoundsException noHeader) {
        return true;
      }
    }

    private long computed() {
      var sum = new CRC32();
      sum.update(bytes.asSlice(at, size).asByteBuffer());
      return sum.getValue();
    }

    private void struct(int depth) {
      if (depth > MOST_NESTED) {
        throw new IndexOutOfBoundsException();
      }
      int field = 0;
      for (int head = next(); head != 0; head = next()) {
        field = head >> 4 == 0 ? (int) signed(varint()) : field + (head >> 4);
        int type = head & 0x0f;
        if (depth == 0 && type == 5 && field == 3) {
          size = signed(varint());
        } else if (depth == 0 && type == 5 && field == 4) {
          crc = signed(varint()) & 0xffff_ffffL;
        } else {
          skip(type, depth);
        }
      }
    }

    private void skip(int type, int depth) {
      switch (type) {
        case 1, 2 -> {} // a boolean is in its type
        case 3 -> next();
        case 4, 5, 6 -> varint();
        case 7 -> at += 8;
        case 8 -> at += varint();
        case 9, 10 -> elements(depth);
        case STRUCT -> struct(depth + 1);
        default -> throw new IndexOutOfBoundsException();
      }
    }

    private void elements(int depth) {
      int head = next();
      long count = head >> 4 == 15 ? varint() : head >> 4;
      for (long i = 0; i < count; i++) {
        int type = head & 0x0f;
        skip(type <= 2 ? 3 : type, depth);
      }
    }

    private int next() {
      return bytes.get(ValueLayout.JAVA_BYTE, at++) & 0xff;
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        int b = next();
        value |= (long) (b & 0x7f) << shift;
        if (b < 0x80) {
          return value;
        }
      }
      throw new IndexOutOfBoundsException();
    }

    private static long signed(long zigzag) {
      return (zigzag >>> 1) ^ -(zigzag & 1);
    }
  }
}
