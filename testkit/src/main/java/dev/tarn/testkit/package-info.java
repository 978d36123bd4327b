/** What tests of several rooms share: contracts, generators, assertions, servers. */
@NullMarked
package dev.tarn.testkit;

import org.jspecify.annotations.NullMarked;
