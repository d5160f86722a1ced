/**
 * Real engines for tests and samples: a Redis and a DynamoDB Local, each in a process of its own,
 * on a port of its own, without containers and without special rights. Nothing here needs JUnit;
 * the JUnit extensions are one package up.
 */
@NullMarked
package dev.tiercel.testing.engine;

import org.jspecify.annotations.NullMarked;
