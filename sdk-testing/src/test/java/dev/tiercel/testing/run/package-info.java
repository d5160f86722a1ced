@NullMarked
package dev.tiercel.testing.run;

import org.jspecify.annotations.NullMarked;
