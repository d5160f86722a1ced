/** What keeps one slow attempt from making a call slow. */
@NullMarked
package dev.tiercel.hedge;

import org.jspecify.annotations.NullMarked;
