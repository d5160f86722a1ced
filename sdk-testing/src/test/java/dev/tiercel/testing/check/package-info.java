/** Tests of the checker of histories. */
@NullMarked
package dev.tiercel.testing.check;

import org.jspecify.annotations.NullMarked;
