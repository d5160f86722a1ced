/**
 * How values and keys become bytes and text, and how entries travel to shared caches: codecs,
 * compression, the envelope.
 */
@NullMarked
package dev.tiercel.codec;

import org.jspecify.annotations.NullMarked;
