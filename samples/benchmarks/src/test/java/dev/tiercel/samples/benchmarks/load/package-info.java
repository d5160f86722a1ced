@NullMarked
package dev.tiercel.samples.benchmarks.load;

import org.jspecify.annotations.NullMarked;
