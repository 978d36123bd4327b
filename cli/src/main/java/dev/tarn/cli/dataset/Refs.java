package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.lake.Dataset;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/** Prints what tags and branches stand for. */
final class Refs {

  private Refs() {}

  /** Says what a tag or branch stands for now. */
  static void made(Dataset dataset, String done, String ref, Answer answer) throws IOException {
    long version = Objects.requireNonNull(dataset.refs().get(ref));
    answer.done(
        Named.class,
        new Named(dataset.name(), done, ref, version),
        "%s: %s is version %d".formatted(dataset.name(), ref, version));
  }

  /** Takes a tag or branch away, and says so. */
  static void drop(Dataset dataset, String ref, Answer answer) throws IOException {
    long version = Optional.ofNullable(dataset.refs().get(ref)).orElse(-1L);
    dataset.dropRef(ref);
    answer.done(
        Named.class,
        new Named(dataset.name(), "drop", ref, version),
        "%s: %s, which was version %d, is gone".formatted(dataset.name(), ref, version));
  }
}
