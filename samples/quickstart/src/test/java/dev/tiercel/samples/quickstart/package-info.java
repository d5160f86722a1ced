@NullMarked
package dev.tiercel.samples.quickstart;

import org.jspecify.annotations.NullMarked;
