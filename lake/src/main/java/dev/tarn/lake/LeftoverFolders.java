package dev.tarn.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Folders of datasets whose creation never came to its commit: of the shape that the lake gives
 * them, with data and without any metadata. Those of dropped datasets have metadata, and stay.
 */
final class LeftoverFolders {

  private static final Pattern NAME = Pattern.compile(".+-[0-9a-f]{8}");
  private static final Set<String> PARTS = Set.of("data", "metadata");

  private final Instant cutoff;

  LeftoverFolders(Duration grace) {
    Vacuum.requireGrace(grace);
    this.cutoff = Instant.now().minus(grace);
  }

  VacuumResult remove(List<Path> namespaces) {
    var removed = new ArrayList<UnusedFile>();
    var failed = new ArrayList<String>();
    for (UnusedFile folder : find(namespaces)) {
      try {
        Folders.delete(folder.path());
        removed.add(folder);
      } catch (UncheckedIOException e) {
        failed.add(folder.path() + ": " + e.getCause());
      }
    }
    return new VacuumResult(removed, failed);
  }

  /** Those in the folders of namespaces. */
  List<UnusedFile> find(List<Path> namespaces) {
    var found = new ArrayList<UnusedFile>();
    for (Path namespace : namespaces) {
      if (Files.isDirectory(namespace)) {
        for (Path folder : children(namespace)) {
          if (isLeftover(folder)) {
            UnusedFile all = all(folder);
            if (!all.modified().isAfter(cutoff)) {
              found.add(all);
            }
          }
        }
      }
    }
    return found;
  }

  private static boolean isLeftover(Path folder) {
    try {
      return NAME.matcher(folder.getFileName().toString()).matches()
          && Files.isDirectory(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)
          && !Vacuum.isTable(folder)
          && children(folder).stream().allMatch(c -> PARTS.contains(c.getFileName().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UnusedFile all(Path folder) {
    long bytes = 0;
    Instant newest = Instant.EPOCH;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        var attributes =
            Files.readAttributes(
                file,
                java.nio.file.attribute.BasicFileAttributes.class,
                java.nio.file.LinkOption.NOFOLLOW_LINKS);
        bytes += attributes.isRegularFile() ? attributes.size() : 0;
        Instant modified = attributes.lastModifiedTime().toInstant();
        newest = modified.isAfter(newest) ? modified : newest;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new UnusedFile(folder.toString(), bytes, newest);
  }
}
