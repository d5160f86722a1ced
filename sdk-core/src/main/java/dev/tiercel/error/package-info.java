/** The one sealed vocabulary of failures. */
@NullMarked
package dev.tiercel.error;

import org.jspecify.annotations.NullMarked;
