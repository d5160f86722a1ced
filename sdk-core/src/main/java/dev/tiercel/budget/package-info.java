/** What bounds attempts beyond the first of a call. */
@NullMarked
package dev.tiercel.budget;

import org.jspecify.annotations.NullMarked;
