/** Which region answers, and what becomes of reads and writes when one is lost. */
@NullMarked
package dev.tiercel.region;

import org.jspecify.annotations.NullMarked;
