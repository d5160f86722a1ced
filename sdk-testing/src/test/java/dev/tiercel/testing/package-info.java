/** Tests of the test support. */
@NullMarked
package dev.tiercel.testing;

import org.jspecify.annotations.NullMarked;
