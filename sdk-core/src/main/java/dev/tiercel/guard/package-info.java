/** What stands around every remote backend: bounds, health and retries. */
@NullMarked
package dev.tiercel.guard;

import org.jspecify.annotations.NullMarked;
