/** What stands around every remote backend: deadlines and bounds. */
@NullMarked
package dev.tiercel.guard;

import org.jspecify.annotations.NullMarked;
