package dev.tarn.lake.iceberg;

import dev.tarn.error.Unavailable;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.Files;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * Metadata files on local disks, without Hadoop. A file that was closed is on the disk, and so is
 * its name: a commit that names it can be relied on after a power cut. Stateless.
 */
public final class LocalFileIO implements FileIO {

  private static final long serialVersionUID = 1;

  /** How Iceberg ends the names of metadata files that are not compressed. */
  private static final String METADATA = ".metadata.json";

  private static final int END = 16;
  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]+):(//)?(.*)$");

  /**
   * The plain path of a location, which may start with {@code file:}.
   *
   * @throws Unavailable when it is on another kind of storage
   */
  public static String path(String location) {
    Matcher scheme = SCHEME.matcher(location);
    if (!scheme.matches()) {
      return location;
    }
    if (scheme.group(1).equalsIgnoreCase("file")) {
      return scheme.group(3);
    }
    throw new Unavailable(
        "Cannot read [%s]: only files on local disks can be read, not %s. Copy them, or mount the storage."
            .formatted(location, scheme.group(1)));
  }

  @Override
  public InputFile newInputFile(String location) {
    if (location.endsWith(METADATA) && !location.endsWith(".gz" + METADATA)) {
      requireWhole(location);
    }
    return Files.localInput(path(location));
  }

  /**
   * Iceberg tries for minutes to read a metadata file that is cut off, as if it were on its way. On
   * a local disk it stays so.
   */
  private static void requireWhole(String location) {
    try (var file = new RandomAccessFile(path(location), "r")) {
      long length = file.length();
      byte[] end = new byte[(int) Math.min(length, END)];
      file.seek(length - end.length);
      file.readFully(end);
      if (!new String(end, StandardCharsets.ISO_8859_1).stripTrailing().endsWith("}")) {
        throw new NotFoundException("%s is damaged: its end is missing", location);
      }
    } catch (FileNotFoundException e) {
      throw new NotFoundException(e, "%s is missing", location);
    } catch (IOException e) {
      throw new RuntimeIOException(e, "Cannot read %s", location);
    }
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new DurableFile(location);
  }

  /** Removes a file; one that is not there is no failure. */
  @Override
  public void deleteFile(String location) {
    try {
      java.nio.file.Files.deleteIfExists(Path.of(path(location)));
    } catch (IOException e) {
      throw new RuntimeIOException(e, "Cannot remove %s", location);
    }
  }

  /** Makes the entries of a folder durable. */
  public static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    }
  }

  private static final class DurableFile implements OutputFile {
    private final String location;
    private final Path path;

    DurableFile(String location) {
      this.location = location;
      this.path = Path.of(path(location));
    }

    @Override
    public PositionOutputStream create() {
      return open(Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return open(
          Set.of(
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE));
    }

    private PositionOutputStream open(Set<? extends OpenOption> options) {
      try {
        makeFolders(folder());
        return new DurableStream(FileChannel.open(path, options), folder());
      } catch (java.nio.file.FileAlreadyExistsException e) {
        throw new AlreadyExistsException(e, "File already exists: %s", location);
      } catch (NoSuchFileException e) {
        throw new NotFoundException(e, "Cannot create %s", location);
      } catch (IOException e) {
        throw new RuntimeIOException(e, "Cannot create %s", location);
      }
    }

    private Path folder() {
      return Objects.requireNonNull(path.toAbsolutePath().getParent(), location);
    }

    private static void makeFolders(Path folder) throws IOException {
      if (java.nio.file.Files.isDirectory(folder)) {
        return;
      }
      Path parent = Objects.requireNonNull(folder.getParent());
      makeFolders(parent);
      java.nio.file.Files.createDirectories(folder);
      sync(parent);
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public InputFile toInputFile() {
      return Files.localInput(new File(path.toString()));
    }
  }

  /** Forces what was written, and the name of the file, to the disk when it is closed. */
  private static final class DurableStream extends PositionOutputStream {
    private final FileChannel channel;
    private final Path folder;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private long flushed;
    private boolean closed;

    DurableStream(FileChannel channel, Path folder) {
      this.channel = channel;
      this.folder = folder;
    }

    @Override
    public long getPos() {
      return flushed + buffer.position();
    }

    @Override
    public void write(int value) throws IOException {
      if (!buffer.hasRemaining()) {
        flush();
      }
      buffer.put((byte) value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        if (!buffer.hasRemaining()) {
          flush();
        }
        int part = Math.min(buffer.remaining(), length - done);
        buffer.put(bytes, offset + done, part);
        done += part;
      }
    }

    @Override
    public void flush() throws IOException {
      buffer.flip();
      flushed += buffer.remaining();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      buffer.clear();
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (channel) {
        flush();
        channel.force(true);
      }
      sync(folder);
    }
  }
}
