@NullMarked
package dev.tiercel.samples.benchmarks;

import org.jspecify.annotations.NullMarked;
