package dev.tarn.cli.shell;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.error.TarnException;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.Lake;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a shell knows by name: the tables that were registered, and the datasets of the lake.
 *
 * @param lake none where the shell was opened without one
 */
record Names(Tarn tarn, Optional<Lake> lake) {

  /** Registered tables. */
  Map<String, Frame> tables() {
    return tarn.tables();
  }

  /** Names of datasets, but for those that a table of the same name hides. */
  List<String> datasets() {
    Map<String, Frame> tables = tables();
    return lake.map(Lake::datasets).orElse(List.of()).stream()
        .filter(name -> !tables.containsKey(name))
        .toList();
  }

  /** A table or a dataset, if one is called so. */
  Optional<Frame> find(String name) {
    return Optional.ofNullable(tables().get(name))
        .or(() ->
            lake.filter(l -> Lake.isName(name)).flatMap(l -> l.find(name)).map(Dataset::frame));
  }

  /** Columns of a dataset; none where it cannot be opened, which the query will say. */
  List<String> columns(String dataset) {
    try {
      return find(dataset).map(Frame::columns).orElse(List.of());
    } catch (TarnException unreadable) {
      return List.of();
    }
  }
}
