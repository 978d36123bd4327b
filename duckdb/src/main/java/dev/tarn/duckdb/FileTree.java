package dev.tarn.duckdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Whole folders: what the JDK does only file by file. */
final class FileTree {

  private static final String HIDDEN = ".tarn-";

  private FileTree() {}

  /**
   * A name beside the target that nobody else uses, for what is not to be read (yet, or anymore).
   */
  static Path hidden(Path target, UUID name) {
    return target.resolveSibling("." + target.getFileName() + HIDDEN + name);
  }

  /** Whether a path is {@link #hidden} or below one that is. */
  static boolean isHidden(String path) {
    for (Path part : Path.of(path)) {
      if (part.toString().startsWith(".") && part.toString().contains(HIDDEN)) {
        return true;
      }
    }
    return false;
  }

  /** Deletes a file, or a folder with all that is in it; nothing where there is nothing. */
  static void delete(Path root) throws IOException {
    for (Path path : paths(root)) {
      Files.deleteIfExists(path);
    }
  }

  /** Forces a file, or all files and folders of a folder, to the disk. */
  static void sync(Path root) throws IOException {
    for (Path path : paths(root)) {
      syncOne(path);
    }
  }

  /** Forces one file or folder to the disk. */
  static void syncOne(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** All paths, what is in a folder before the folder. */
  static List<Path> paths(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }
}
