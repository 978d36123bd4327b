package dev.tarn.lake;

import dev.tarn.lake.iceberg.IcebergErrors;
import dev.tarn.lake.iceberg.LocalFileIO;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** Reads which files versions have, past what is broken, and looks whether they are there. */
final class FileList {

  private final Table table;
  private final List<String> problems;
  private final Map<String, DataFile> data = new LinkedHashMap<>();
  private final Map<String, DeleteFile> deletes = new LinkedHashMap<>();
  private final Set<String> manifests = new HashSet<>();

  FileList(Table table, List<String> problems) {
    this.table = table;
    this.problems = problems;
  }

  List<DataFile> data() {
    return List.copyOf(data.values());
  }

  List<DeleteFile> deletes() {
    return List.copyOf(deletes.values());
  }

  void add(Snapshot snapshot) {
    List<ManifestFile> all;
    try {
      all = snapshot.allManifests(table.io());
    } catch (RuntimeException e) {
      problems.add(
          "%s: the list of manifests of version %d cannot be read: %s"
              .formatted(
                  snapshot.manifestListLocation(), snapshot.snapshotId(), IcebergErrors.reason(e)));
      return;
    }
    for (ManifestFile manifest : all) {
      if (manifests.add(manifest.path())) {
        add(manifest);
      }
    }
  }

  private void add(ManifestFile manifest) {
    switch (manifest.content()) {
      case DATA ->
          read(manifest, ManifestFiles.read(manifest, table.io(), table.specs()))
              .forEach(file -> data.put(file.location(), file));
      case DELETES ->
          read(manifest, ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs()))
              .forEach(file -> deletes.put(file.location() + "#" + file.contentOffset(), file));
    }
  }

  private <F extends ContentFile<F>> List<F> read(ManifestFile manifest, ManifestReader<F> reader) {
    var files = new ArrayList<F>();
    try (reader) {
      for (F file : reader) {
        files.add(file.copy());
      }
    } catch (IOException | RuntimeException e) {
      problems.add(
          "%s: the manifest cannot be read: %s"
              .formatted(manifest.path(), IcebergErrors.reason(e)));
    }
    return files;
  }

  /** Whether a file is there and of its size; adds a problem where not. */
  boolean isThere(ContentFile<?> file) {
    try {
      long bytes = Files.size(Path.of(LocalFileIO.path(file.location())));
      if (bytes == file.fileSizeInBytes()) {
        return true;
      }
      problems.add(
          "%s: has %d bytes, and its manifest says %d"
              .formatted(file.location(), bytes, file.fileSizeInBytes()));
    } catch (java.nio.file.NoSuchFileException e) {
      problems.add("%s: is missing".formatted(file.location()));
    } catch (IOException | RuntimeException e) {
      problems.add("%s: cannot be reached: %s".formatted(file.location(), IcebergErrors.reason(e)));
    }
    return false;
  }
}
