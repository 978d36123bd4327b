/** Between Tarn's types, expressions and files and those of Apache Iceberg; for this room only. */
@NullMarked
package dev.tarn.lake.iceberg;

import org.jspecify.annotations.NullMarked;
