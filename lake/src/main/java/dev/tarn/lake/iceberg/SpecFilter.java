package dev.tarn.lake.iceberg;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.iceberg.expressions.ManifestEvaluator;
import org.apache.iceberg.expressions.Projections;

/** A filter over the files that were written with one partition spec. Safe for several threads. */
final class SpecFilter {

  private final ManifestEvaluator manifests;
  private final Evaluator partitions;
  private final InclusiveMetricsEvaluator metrics;
  private final RangeFilter ranges;
  private final boolean keepsAllPartitions;
  private final boolean keepsAll;

  SpecFilter(Expression filter, PartitionSpec spec, Schema schema) {
    Expression projected = Projections.inclusive(spec, true).project(filter);
    this.manifests = ManifestEvaluator.forPartitionFilter(projected, spec, true);
    this.partitions = new Evaluator(spec.partitionType(), projected, true);
    this.metrics = new InclusiveMetricsEvaluator(schema, filter, true);
    this.ranges = new RangeFilter(filter, schema);
    this.keepsAllPartitions = projected.op() == Expression.Operation.TRUE;
    this.keepsAll = filter.op() == Expression.Operation.TRUE;
  }

  boolean mayHold(ManifestFile manifest) {
    return manifests.eval(manifest);
  }

  List<DataFile> kept(ManifestContent manifest) {
    if (keepsAll) {
      return manifest.all();
    }
    boolean[] wanted = inPartitions(manifest);
    ranges.apply(manifest, wanted);
    var kept = new ArrayList<DataFile>();
    for (int file = 0; file < wanted.length; file++) {
      if (wanted[file] && metrics.eval(new FileStatistics(manifest, file))) {
        kept.add(manifest.file(file));
      }
    }
    return kept;
  }

  private boolean[] inPartitions(ManifestContent manifest) {
    PackedFiles files = manifest.files();
    var partition = new boolean[files.partitions().size()];
    for (int i = 0; i < partition.length; i++) {
      partition[i] = keepsAllPartitions || partitions.eval(files.partitions().get(i));
    }
    var wanted = new boolean[files.size()];
    for (int file = 0; file < wanted.length; file++) {
      wanted[file] = partition[files.partitionOf(file)];
    }
    return wanted;
  }
}
