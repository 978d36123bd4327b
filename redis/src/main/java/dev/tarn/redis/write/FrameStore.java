package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.Frame;
import dev.tarn.error.BadData;
import dev.tarn.error.Unavailable;
import dev.tarn.io.Codec;
import dev.tarn.io.FileFormat;
import dev.tarn.io.FileSink;
import dev.tarn.io.FileSource;
import dev.tarn.io.ReadOptions;
import dev.tarn.plan.Plan;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Redirects;
import dev.tarn.redis.wire.Request;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import dev.tarn.spi.Engine;
import dev.tarn.spi.FileScan;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Frames kept in Redis: a Parquet file in parts, each version under keys of its own, and a manifest
 * that names the version. It is exchanged in one step once all parts are there; those of the
 * version before stay for a while, for readers that have begun. All keys of a frame are in one
 * slot. Whoever opened it closes it, which removes the files of loaded frames.
 */
public final class FrameStore implements AutoCloseable {

  private static final int PART_BYTES = 1 << 20;
  private static final Duration UPLOAD = Duration.ofMinutes(30);
  private static final int ATTEMPTS = 5;
  private static final Command SET = Command.of("SET");

  private final Servers servers;
  private final Engine engine;
  private @Nullable Path folder;

  public FrameStore(Servers servers, Engine engine) {
    this.servers = servers;
    this.engine = engine;
  }

  /** Braces mark what of a key says its slot, so a name can have none. */
  static String key(String name) {
    return "tarn:frame:{" + name.replace("%", "%25").replace("{", "%7B").replace("}", "%7D") + "}";
  }

  static byte[] part(String key, String id, int number) {
    return (key + ":" + id + ":" + number).getBytes(UTF_8);
  }

  // ---- storing

  public void store(String name, Frame frame, Duration ttl) {
    Path file = folder().resolve("store-" + UUID.randomUUID() + ".parquet");
    try (var redirects = new Redirects(servers)) {
      // without them the manifest would be exchanged, and the parts of the old one forgotten
      Transactions.denial(unit -> watched(redirects, name, unit))
          .ifPresent(error -> answered(name, error));
      Schema schema = frame.schema();
      KeptColumn.forFile(name, frame, schema)
          .write(FileSink.of(FileFormat.PARQUET, file.toString()).compression(Codec.ZSTD));
      Manifest manifest = upload(redirects, name, file, schema, ttl.plus(Swap.GRACE).plus(UPLOAD));
      new Swap(servers, redirects, name, manifest, ttl).run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(file);
    }
  }

  /** Asks besides whether a key may be watched, which the exchange of manifests begins with. */
  private static List<@Nullable Object> watched(
      Redirects redirects, String name, List<Request> unit) {
    byte[] key = bytes(key(name));
    var requests = new ArrayList<>(List.of(new Request(Command.of("WATCH"), key)));
    requests.addAll(unit);
    return redirects.ask(key, requests);
  }

  private static Manifest upload(
      Redirects redirects, String name, Path file, Schema schema, Duration lives)
      throws IOException {
    String id = UUID.randomUUID().toString();
    MessageDigest digest = sha256();
    int parts = 0;
    long bytes = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (byte[] some = in.readNBytes(PART_BYTES);
          some.length > 0;
          some = in.readNBytes(PART_BYTES)) {
        digest.update(some);
        bytes += some.length;
        byte[] key = part(key(name), id, parts++);
        Object answer = redirects.ask(key, List.of(set(key, some, lives))).getFirst();
        if (answer instanceof ServerError error) {
          Unavailable refused = refused(name, error);
          withdraw(redirects, key(name), id, parts, refused);
          throw refused;
        }
      }
    }
    return new Manifest(id, parts, bytes, HexFormat.of().formatHex(digest.digest()), schema);
  }

  /** Removes parts that no manifest will name; where that fails too, they expire. */
  private static void withdraw(
      Redirects redirects, String key, String id, int parts, Unavailable why) {
    try {
      for (int i = 0; i < parts; i++) {
        byte[] part = part(key, id, i);
        redirects.ask(part, List.of(new Request(Command.of("UNLINK"), part)));
      }
    } catch (RuntimeException e) {
      why.addSuppressed(e);
    }
  }

  static Request set(byte[] key, byte[] value, Duration ttl) {
    return new Request(SET, key, value, bytes("PX"), bytes(Long.toString(ttl.toMillis())));
  }

  static @Nullable Object answered(String name, @Nullable Object answer) {
    if (answer instanceof ServerError error) {
      throw refused(name, error);
    }
    return answer;
  }

  private static Unavailable refused(String name, ServerError error) {
    return new Unavailable(
        "Cannot keep frame %s in Redis: %s. What was stored before is still there."
            .formatted(name, error.brief()));
  }

  // ---- loading

  public Optional<Frame> load(String name) {
    byte[] key = bytes(key(name));
    try (var redirects = new Redirects(servers)) {
      String missing = "";
      for (int i = 0; i < ATTEMPTS; i++) {
        Object text =
            answered(name, redirects.ask(key, List.of(new Request(Command.GET, key))).getFirst());
        if (!(text instanceof byte[] bytes)) {
          return Optional.empty();
        }
        Manifest manifest = Manifest.parse(bytes);
        if (manifest == null) {
          throw damaged(name, "its manifest is none");
        }
        if (manifest.id().equals(missing)) {
          throw damaged(name, "a part of it is missing");
        }
        Path file = folder().resolve(manifest.id() + ".parquet");
        if (Files.exists(file) || download(redirects, name, manifest, file)) {
          return Optional.of(frame(name, file, manifest.schema()));
        }
        missing = manifest.id();
      }
      throw damaged(name, "others store it faster than it can be read");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** False when a part is missing: then there is another version, or it is damaged. */
  private static boolean download(Redirects redirects, String name, Manifest manifest, Path file)
      throws IOException {
    Path draft = Files.createTempFile(file.getParent(), "load-", ".tmp");
    try {
      MessageDigest digest = sha256();
      long bytes = 0;
      try (OutputStream out = Files.newOutputStream(draft)) {
        for (int i = 0; i < manifest.parts(); i++) {
          byte[] key = part(key(name), manifest.id(), i);
          List<Request> get = List.of(new Request(Command.GET, key));
          Object part = answered(name, redirects.ask(key, get).getFirst());
          if (!(part instanceof byte[] some)) {
            return false;
          }
          digest.update(some);
          bytes += some.length;
          out.write(some);
        }
      }
      if (bytes != manifest.bytes()
          || !HexFormat.of().formatHex(digest.digest()).equals(manifest.sha256())) {
        throw damaged(name, "its checksum is wrong");
      }
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } finally {
      delete(draft);
    }
  }

  private Frame frame(String name, Path file, @Nullable Schema schema) {
    var opened =
        engine.open(
            new FileScan(FileFormat.PARQUET, List.of(file.toString()), ReadOptions.DEFAULT));
    Frame frame = Frame.of(new Plan.Scan(new FileSource("redis frame " + name, opened)), engine);
    return schema == null ? frame : KeptColumn.fromFile(frame, schema);
  }

  private static BadData damaged(String name, String why) {
    return new BadData("Cannot load frame %s from Redis: %s. Store it again.".formatted(name, why));
  }

  // ---- files

  private synchronized Path folder() {
    try {
      if (folder == null) {
        folder = Files.createTempDirectory("tarn-frames-");
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(FrameStore::delete);
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      folder = null;
    }
  }
}
