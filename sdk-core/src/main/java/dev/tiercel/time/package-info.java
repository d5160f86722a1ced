/**
 * Time as a parameter: clocks, timers, deadlines and versions. The lowest layer; it imports nothing
 * of Tiercel.
 */
@NullMarked
package dev.tiercel.time;

import org.jspecify.annotations.NullMarked;
