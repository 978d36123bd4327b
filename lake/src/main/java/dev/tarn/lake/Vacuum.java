package dev.tarn.lake;

import dev.tarn.error.InvalidRequest;
import dev.tarn.lake.iceberg.LocalFileIO;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Removes files from a dataset's own folder that no version needs: what killed writers left, what
 * expired versions had. Nothing that a version has, had within the grace period, or that is younger
 * than it; nothing outside of the folder, behind links, or in the folders of other tables.
 */
final class Vacuum {

  /** Three days: longer than any query and any write. */
  static final Duration GRACE = Duration.ofDays(3);

  /** A version's file is written a little before it becomes the current one. */
  private static final Duration COMMIT = Duration.ofMinutes(1);

  private static final String METADATA = ".metadata.json";

  private final Dataset dataset;
  private final Duration grace;

  Vacuum(Dataset dataset, Duration grace) {
    requireGrace(grace);
    this.dataset = dataset;
    this.grace = grace;
  }

  static void requireGrace(Duration grace) {
    if (grace.isNegative()) {
      throw new InvalidRequest(
          "Cannot vacuum with a grace period of %s. Say 0 or more.".formatted(grace));
    }
  }

  VacuumResult run() {
    List<UnusedFile> unused = unused();
    var removed = new ArrayList<UnusedFile>();
    var failed = new ArrayList<String>();
    var folders = new TreeSet<Path>();
    for (UnusedFile file : unused) {
      Path path = Path.of(file.path());
      try {
        if (Files.deleteIfExists(path)) {
          removed.add(file);
        }
        folders.add(path.getParent());
      } catch (IOException e) {
        failed.add(file.path() + ": " + e);
      }
    }
    folders.descendingSet().forEach(this::removeEmpty);
    return new VacuumResult(removed, failed);
  }

  /** Folders that have become empty, up to the dataset's own. */
  private void removeEmpty(Path folder) {
    Path root = root();
    @Nullable Path empty = folder;
    try {
      while (empty != null
          && empty.startsWith(root)
          && empty.getNameCount() > root.getNameCount() + 1) {
        Files.delete(empty);
        empty = empty.getParent();
      }
    } catch (DirectoryNotEmptyException | NoSuchFileException stillInUse) {
      // as it should be
    } catch (IOException e) {
      System.getLogger(Vacuum.class.getName())
          .log(System.Logger.Level.WARNING, "Cannot remove " + empty, e);
    }
  }

  private Path root() {
    try {
      return Path.of(LocalFileIO.path(dataset.table().location())).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<UnusedFile> unused() {
    return Lake.call(
        "vacuum [%s]".formatted(dataset.name()),
        () -> {
          Instant cutoff = Instant.now().minus(grace);
          if (!Files.isDirectory(Path.of(LocalFileIO.path(dataset.table().location())))) {
            return List.of();
          }
          // what is listed first cannot come to be referenced later: its writer is long gone
          var found = new Found(root(), cutoff);
          found.list();
          Table table = dataset.refreshed();
          Expiry.requireGarbageCollected(dataset, "vacuum");
          ReferencedFiles referenced = referenced(table, cutoff, found.metadata);
          return found.old.stream()
              .filter(file -> !referenced.contains(Path.of(file.path())))
              .toList();
        });
  }

  private ReferencedFiles referenced(Table table, Instant cutoff, List<Path> metadata) {
    Duration slack = grace.compareTo(COMMIT) < 0 ? grace : COMMIT;
    var referenced =
        new ReferencedFiles(dataset.name(), table.io(), cutoff.minus(slack).toEpochMilli());
    referenced.addCurrent(((HasTableOperations) table).operations().current());
    metadata.forEach(referenced::addIfWhole);
    return referenced;
  }

  /** What is in a folder: old files, and younger versions of the metadata. */
  private static final class Found extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Instant cutoff;
    private final List<UnusedFile> old = new ArrayList<>();
    private final List<Path> metadata = new ArrayList<>();

    Found(Path root, Instant cutoff) {
      this.root = root;
      this.cutoff = cutoff;
    }

    void list() {
      try {
        Files.walkFileTree(root, this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      return !folder.equals(root) && isTable(folder)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        Instant modified = attributes.lastModifiedTime().toInstant();
        if (!modified.isAfter(cutoff)) {
          old.add(new UnusedFile(file.toString(), attributes.size(), modified));
        } else if (file.toString().endsWith(METADATA)) {
          metadata.add(file);
        }
      }
      return FileVisitResult.CONTINUE;
    }

    /** Another process may remove files at the same time. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }
  }

  /** Whether a folder is that of a table, of whichever lake. */
  static boolean isTable(Path folder) throws IOException {
    Path metadata = folder.resolve("metadata");
    if (!Files.isDirectory(metadata)) {
      return false;
    }
    try (Stream<Path> files = Files.list(metadata)) {
      return files.anyMatch(file -> file.toString().endsWith(METADATA));
    }
  }
}
