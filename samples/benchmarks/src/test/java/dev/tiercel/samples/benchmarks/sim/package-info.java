@NullMarked
package dev.tiercel.samples.benchmarks.sim;

import org.jspecify.annotations.NullMarked;
