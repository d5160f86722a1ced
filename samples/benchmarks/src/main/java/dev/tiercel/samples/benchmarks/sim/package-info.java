/** A deterministic simulation: the real layers around modelled servers, in a time of their own. */
@NullMarked
package dev.tiercel.samples.benchmarks.sim;

import org.jspecify.annotations.NullMarked;
