package dev.tarn.duckdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where an engine puts what does not fit in memory, unless it is told: a folder of its own below
 * one that only this user may look into. DuckDB makes the folder when it first spills. What a
 * process that was killed has left is removed by the next one.
 */
final class SpillFolder {

  private SpillFolder() {}

  /** A path that is free; nothing is there yet. */
  static Path choose() throws IOException {
    Path parent =
        Path.of(
            System.getProperty("java.io.tmpdir"), "tarn-spill-" + System.getProperty("user.name"));
    if (!isOurs(parent)) {
      parent = Files.createTempDirectory("tarn-spill-");
    }
    removeLeftovers(parent);
    return parent.resolve(ProcessHandle.current().pid() + "-" + UUID.randomUUID());
  }

  /** Makes the folder where it is missing; false where somebody else could get at what is in it. */
  private static boolean isOurs(Path folder) throws IOException {
    boolean posix = Files.getFileStore(folder.getParent()).supportsFileAttributeView("posix");
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      try {
        if (posix) {
          Files.createDirectory(
              folder,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
          Files.createDirectory(folder);
        }
      } catch (java.nio.file.FileAlreadyExistsException madeByAnother) {
        return isOurs(folder);
      }
    }
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && (!posix
            || (PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                    .equals("rwx------")
                && Files.getOwner(folder).getName().equals(System.getProperty("user.name"))));
  }

  private static void removeLeftovers(Path parent) throws IOException {
    List<Path> folders;
    try (Stream<Path> paths = Files.list(parent)) {
      folders = paths.filter(SpillFolder::isLeftover).toList();
    }
    for (Path folder : folders) {
      FileTree.delete(folder);
    }
  }

  private static boolean isLeftover(Path folder) {
    String pid = folder.getFileName().toString().replaceFirst("-.*", "");
    return pid.matches("\\d{1,18}")
        && ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isEmpty();
  }
}
