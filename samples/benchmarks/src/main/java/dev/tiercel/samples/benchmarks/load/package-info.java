/**
 * An open-loop load generator, and what it finds on real engines behind a proxy that breaks them.
 */
@NullMarked
package dev.tiercel.samples.benchmarks.load;

import org.jspecify.annotations.NullMarked;
