/**
 * Several regions in one JVM, each with a real Redis and a real DynamoDB Local, what goes wrong
 * with and between them, and a replicator that behaves like DynamoDB global tables. Needs AWS SDK's
 * {@code dynamodb} and {@code netty-nio-client}, which are optional dependencies of this module and
 * come with Tiercel's DynamoDB backend.
 */
@NullMarked
package dev.tiercel.testing.region;

import org.jspecify.annotations.NullMarked;
