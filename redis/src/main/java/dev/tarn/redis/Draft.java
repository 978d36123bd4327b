package dev.tarn.redis;

import dev.tarn.redis.write.WriteSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Changes one thing of what is written how. */
record Draft(WriteSpec spec) {

  private Draft with(
      List<String> key,
      String separator,
      Optional<Duration> ttl,
      Optional<String> ttlColumn,
      IfExists ifExists) {
    return new Draft(
        new WriteSpec(
            spec.kind(),
            spec.prefix(),
            key,
            separator,
            ttl,
            ttlColumn,
            ifExists,
            spec.value(),
            spec.order(),
            spec.connections(),
            spec.memory()));
  }

  private Draft with(
      Optional<String> value, Optional<String> order, OptionalInt connections, long memory) {
    return new Draft(
        new WriteSpec(
            spec.kind(),
            spec.prefix(),
            spec.key(),
            spec.separator(),
            spec.ttl(),
            spec.ttlColumn(),
            spec.ifExists(),
            value,
            order,
            connections,
            memory));
  }

  Draft key(List<String> columns) {
    return with(columns, spec.separator(), spec.ttl(), spec.ttlColumn(), spec.ifExists());
  }

  Draft separator(String text) {
    return with(spec.key(), text, spec.ttl(), spec.ttlColumn(), spec.ifExists());
  }

  Draft ttl(Optional<Duration> time, Optional<String> column) {
    return with(spec.key(), spec.separator(), time, column, spec.ifExists());
  }

  Draft ifExists(IfExists mode) {
    return with(spec.key(), spec.separator(), spec.ttl(), spec.ttlColumn(), mode);
  }

  Draft value(String column) {
    return with(Optional.of(column), spec.order(), spec.connections(), spec.memory());
  }

  Draft order(String column) {
    return with(spec.value(), Optional.of(column), spec.connections(), spec.memory());
  }

  Draft connections(int count) {
    return with(spec.value(), spec.order(), OptionalInt.of(count), spec.memory());
  }

  Draft memory(long bytes) {
    return with(spec.value(), spec.order(), spec.connections(), bytes);
  }
}
