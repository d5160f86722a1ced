/**
 * What keeps the caches honest: fences that stop stale fills, and the memory of remote copies that
 * may be wrong.
 */
@NullMarked
package dev.tiercel.coherence;

import org.jspecify.annotations.NullMarked;
