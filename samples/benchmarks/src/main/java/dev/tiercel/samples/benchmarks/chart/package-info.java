/** Charts of what was measured. */
@NullMarked
package dev.tiercel.samples.benchmarks.chart;

import org.jspecify.annotations.NullMarked;
