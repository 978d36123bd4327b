package dev.tarn.lake;

import dev.tarn.error.Unavailable;
import dev.tarn.lake.iceberg.IcebergErrors;
import dev.tarn.lake.iceberg.LocalFileIO;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadata.MetadataLogEntry;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * The files that a reader may need that has opened a table at some time or later: those of the
 * current version of its metadata, and of each that was the current one since then.
 */
final class ReferencedFiles {

  private final String name;
  private final FileIO io;
  private final long sinceMillis;
  private final Set<Path> files = new HashSet<>();
  private final Set<Path> versions = new HashSet<>();
  private final Set<String> lists = new HashSet<>();
  private final Set<String> manifests = new HashSet<>();
  private final Map<Path, Path> folders = new HashMap<>();

  ReferencedFiles(String name, FileIO io, long sinceMillis) {
    this.name = name;
    this.io = io;
    this.sinceMillis = sinceMillis;
  }

  boolean contains(Path real) {
    return files.contains(real);
  }

  /** Adds the files of the current metadata, and of what was the current one within the time. */
  void addCurrent(TableMetadata current) {
    addVersion(current, true);
    List<MetadataLogEntry> log = log(current);
    log.forEach(entry -> add(entry.file()));
    addBefore(log, current.lastUpdatedMillis());
  }

  /**
   * Adds a version of the metadata that a file holds, which may never have been the current one.
   * One that is not whole is being written, or was never finished.
   */
  void addIfWhole(Path file) {
    if (versions.contains(file)) {
      return;
    }
    try {
      addVersion(TableMetadataParser.read(io, file.toString()), false);
    } catch (RuntimeException notWhole) {
      files.add(file);
    }
  }

  /** Walks back through the versions, each of which was the current one until the next came. */
  private void addBefore(List<MetadataLogEntry> log, long currentSince) {
    long next = currentSince;
    for (int i = log.size() - 1; i >= 0 && next >= sinceMillis; i--) {
      MetadataLogEntry entry = log.get(i);
      if (versions.contains(real(entry.file()))) {
        next = entry.timestampMillis();
        continue;
      }
      TableMetadata version = read(entry.file());
      if (version == null) {
        throw new Unavailable(
            "Cannot vacuum [%s]: %s was its metadata within the grace period and is gone, so what its readers need is unknown. Say a shorter grace period."
                .formatted(name, entry.file()));
      }
      addVersion(version, false);
      next = entry.timestampMillis();
      if (i == 0 && next >= sinceMillis) {
        addBefore(log(version), next); // the log is cut off at some length
      }
    }
  }

  private static List<MetadataLogEntry> log(TableMetadata version) {
    var log = new ArrayList<>(version.previousFiles());
    log.sort(Comparator.comparingLong(MetadataLogEntry::timestampMillis));
    return log;
  }

  private @Nullable TableMetadata read(String location) {
    try {
      return TableMetadataParser.read(io, location);
    } catch (NotFoundException gone) {
      return null;
    } catch (RuntimeException broken) {
      throw new Unavailable(
          "Cannot vacuum [%s]: %s cannot be read (%s). Move it away if it is a leftover."
              .formatted(name, location, IcebergErrors.reason(broken)),
          broken);
    }
  }

  private void addVersion(TableMetadata version, boolean mustBeWhole) {
    String location = version.metadataFileLocation();
    if (location != null) {
      add(location);
      if (!versions.add(real(location))) {
        return;
      }
    }
    version.statisticsFiles().forEach(file -> add(file.path()));
    version.partitionStatisticsFiles().forEach(file -> add(file.path()));
    for (Snapshot snapshot : version.snapshots()) {
      String list = snapshot.manifestListLocation();
      if (list == null || lists.add(list)) {
        try {
          addSnapshot(snapshot, version.specsById());
        } catch (NotFoundException gone) {
          if (mustBeWhole) {
            throw gone;
          }
        }
      }
    }
  }

  private void addSnapshot(Snapshot snapshot, Map<Integer, PartitionSpec> specs) {
    if (snapshot.manifestListLocation() != null) {
      add(snapshot.manifestListLocation());
    }
    for (ManifestFile manifest : snapshot.allManifests(io)) {
      if (manifests.add(manifest.path())) {
        add(manifest.path());
        addManifest(manifest, specs);
      }
    }
  }

  private void addManifest(ManifestFile manifest, Map<Integer, PartitionSpec> specs) {
    try (CloseableIterable<String> paths = ManifestFiles.readPaths(manifest, io, specs)) {
      paths.forEach(this::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String location) {
    files.add(real(location));
  }

  /** As it is found in the real folder, whatever links lead there, and if it is gone. */
  private Path real(String location) {
    Path path = Path.of(LocalFileIO.path(location)).toAbsolutePath().normalize();
    Path parent = path.getParent();
    return parent == null
        ? path
        : folders.computeIfAbsent(parent, ReferencedFiles::realFolder).resolve(path.getFileName());
  }

  private static Path realFolder(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException gone) {
      return folder;
    }
  }
}
