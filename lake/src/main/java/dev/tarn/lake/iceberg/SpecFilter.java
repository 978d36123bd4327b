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
  private final boolean keepsAllPartitions;
  private final boolean keepsAll;

  SpecFilter(Expression filter, PartitionSpec spec, Schema schema) {
    Expression projected = Projections.inclusive(spec, true).project(filter);
    this.manifests = ManifestEvaluator.forPartitionFilter(projected, spec, true);
    this.partitions = new Evaluator(spec.partitionType(), projected, true);
    this.metrics = new InclusiveMetricsEvaluator(schema, filter, true);
    this.keepsAllPartitions = projected.op() == Expression.Operation.TRUE;
    this.keepsAll = filter.op() == Expression.Operation.TRUE;
  }

  boolean mayHold(ManifestFile manifest) {
    return manifests.eval(manifest);
  }

  List<DataFile> kept(ManifestContent manifest) {
    if (keepsAll) {
      return manifest.files();
    }
    boolean[] wanted = partitions(manifest);
    var kept = new ArrayList<DataFile>();
    for (int file = 0; file < manifest.files().size(); file++) {
      if (wanted[manifest.partitionOf()[file]]
          && metrics.eval(new FileStatistics(manifest, file))) {
        kept.add(manifest.files().get(file));
      }
    }
    return kept;
  }

  private boolean[] partitions(ManifestContent manifest) {
    var wanted = new boolean[manifest.partitions().size()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = keepsAllPartitions || partitions.eval(manifest.partitions().get(i));
    }
    return wanted;
  }
}
