package dev.tarn.spi;

import java.time.Instant;

/** Which version of a table is meant. */
public sealed interface Version {

  /** The version of a number: a snapshot's id. */
  @SuppressWarnings("AvoidCommonTypeNames") // always written Version.Number
  record Number(long number) implements Version {}

  /** The version that a name stands for: a tag or a branch. */
  record Name(String name) implements Version {}

  /** The version that was current at a time. */
  record Time(Instant time) implements Version {}
}
