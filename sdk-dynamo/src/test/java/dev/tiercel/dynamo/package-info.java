@NullMarked
package dev.tiercel.dynamo;

import org.jspecify.annotations.NullMarked;
