/**
 * The facade: a {@link dev.tiercel.ServingClient} makes {@link dev.tiercel.Keyspace}s from
 * {@link dev.tiercel.KeyspaceSpec}s; a service reads and writes through them.
 */
@NullMarked
package dev.tiercel;

import org.jspecify.annotations.NullMarked;
