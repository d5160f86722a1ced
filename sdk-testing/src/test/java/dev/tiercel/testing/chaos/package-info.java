/** Tests of the proxy that breaks connections. */
@NullMarked
package dev.tiercel.testing.chaos;

import org.jspecify.annotations.NullMarked;
