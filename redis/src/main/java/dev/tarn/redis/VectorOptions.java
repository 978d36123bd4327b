package dev.tarn.redis;

import dev.tarn.error.InvalidRequest;

/**
 * What the vectors of an index are, and how the nearest are found.
 *
 * @param algorithm how they are found
 * @param precision of its numbers
 * @param dimensions how many numbers each has
 * @param metric what is called near
 */
public record VectorOptions(
    Algorithm algorithm, Precision precision, int dimensions, Metric metric) {

  /** How the nearest are found. */
  public enum Algorithm {
    /** All are looked at: exact, and slow where there are very many. */
    FLAT,
    /** By a graph of neighbours: quick, and some of the nearest may be missed. */
    HNSW
  }

  /** Which floating-point numbers a vector has. */
  public enum Precision {
    FLOAT32,
    FLOAT64
  }

  /** What is called near: the distance between two vectors. */
  public enum Metric {
    /** Of the points that they are. */
    L2,
    /** One minus their inner product. */
    IP,
    /** One minus the cosine of the angle between them. */
    COSINE
  }

  public VectorOptions {
    if (dimensions < 1) {
      throw new InvalidRequest(
          "Cannot index vectors of %,d numbers. Give 1 at least.".formatted(dimensions));
    }
  }
}
