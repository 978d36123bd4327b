/** Results as text on a stream: tables, CSV, JSON, NDJSON, Markdown. */
@NullMarked
package dev.tarn.cli.output;

import org.jspecify.annotations.NullMarked;
