@NullMarked
package dev.tiercel.samples.check;

import org.jspecify.annotations.NullMarked;
