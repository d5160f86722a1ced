/** Tests of the engines. */
@NullMarked
package dev.tiercel.testing.engine;

import org.jspecify.annotations.NullMarked;
