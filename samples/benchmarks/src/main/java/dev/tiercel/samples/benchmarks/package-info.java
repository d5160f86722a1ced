/** What Tiercel costs, measured beside what it is made of. */
@NullMarked
package dev.tiercel.samples.benchmarks;

import org.jspecify.annotations.NullMarked;
