/**
 * The SPI: anything that can be read and written in bytes is a {@link dev.tiercel.backend.Backend}.
 */
@NullMarked
package dev.tiercel.backend;

import org.jspecify.annotations.NullMarked;
