package dev.tarn.spi;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a column's values in a file, or in a row group.
 *
 * @param bytes their compressed size
 * @param values how many there are, nulls among them
 * @param nulls how many of them are null; empty when unknown
 * @param nans how many of them are NaN; empty when unknown, and for types that have none
 * @param min no value is less, as {@link dev.tarn.Row} describes it for the type; null when
 *     unknown. Need not be a value itself.
 * @param max no value is greater; null when unknown
 */
public record ColumnStats(
    long bytes,
    long values,
    OptionalLong nulls,
    OptionalLong nans,
    @Nullable Object min,
    @Nullable Object max) {}
