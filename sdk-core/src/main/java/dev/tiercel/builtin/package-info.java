/** The backends that come with the SDK: in memory, and around a function. */
@NullMarked
package dev.tiercel.builtin;

import org.jspecify.annotations.NullMarked;
