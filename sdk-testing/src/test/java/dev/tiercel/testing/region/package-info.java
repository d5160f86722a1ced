/** Tests of the regions. */
@NullMarked
package dev.tiercel.testing.region;

import org.jspecify.annotations.NullMarked;
