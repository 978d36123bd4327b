package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.lake.Dataset;
import java.io.IOException;
import java.util.Optional;

/** Prints what a new dataset has. */
final class Made {

  private Made() {}

  static void print(Dataset dataset, String done, String how, Answer answer) throws IOException {
    Optional<Version> version = Version.current(dataset);
    long rows = version.map(Version::rows).orElse(0L);
    long files = version.map(Version::files).orElse(0L);
    long bytes = version.map(Version::bytes).orElse(0L);
    Optional<Long> id = version.map(Version::version);
    answer.done(
        Change.class,
        new Change(dataset.name(), done, id, rows, 0, files, 0, bytes),
        "%s %s: %s in %s (%s)%s"
            .formatted(
                dataset.name(),
                how,
                Words.count(rows, "row"),
                Words.count(files, "file"),
                Words.size(bytes),
                Words.version(id)));
  }
}
