/** How the endpoints of backends are doing. */
@NullMarked
package dev.tiercel.health;

import org.jspecify.annotations.NullMarked;
