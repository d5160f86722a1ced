/** What Tiercel tells of its own work. */
@NullMarked
package dev.tiercel.observe;

import org.jspecify.annotations.NullMarked;
