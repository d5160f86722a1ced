/** How batches of any size become requests that a backend takes. */
@NullMarked
package dev.tiercel.batch;

import org.jspecify.annotations.NullMarked;
