package dev.tarn.duckdb;

import dev.tarn.io.FileSink.IfExists;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.stream.Stream;

/** Gives a finished file or folder its name, in one step that is there or not. */
final class Publisher {

  private Publisher() {}

  /** Whether something is there; an empty folder is nothing. */
  static boolean isTaken(Path target) {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    try (Stream<Path> content = Files.list(target)) {
      return content.findAny().isPresent();
    } catch (IOException e) {
      return true;
    }
  }

  static void publish(Path draft, Path target, IfExists ifExists) throws IOException {
    boolean taken = isTaken(target);
    if (taken && ifExists == IfExists.FAIL) {
      throw new FileAlreadyExistsException(target.toString());
    }
    boolean files = Files.isRegularFile(draft) && !Files.isDirectory(target);
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS) || files) {
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } else {
      replace(draft, target);
    }
    FileTree.syncOne(target.resolveSibling("."));
  }

  /** A folder takes the place of another, which then has the draft's name and is removed. */
  private static void replace(Path draft, Path target) throws IOException {
    if (!Exchange.tryExchange(draft, target)) {
      Path aside = FileTree.hidden(target, UUID.randomUUID());
      Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
      try {
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        throw e;
      }
      FileTree.delete(aside);
      return;
    }
    FileTree.syncOne(target.resolveSibling("."));
    FileTree.delete(draft);
  }
}
