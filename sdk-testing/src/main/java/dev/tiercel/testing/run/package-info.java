/**
 * Runs several processes of a service's own keyspace against a Redis and a DynamoDB Local, with
 * seeded trouble between them, and checks what they saw.
 *
 * <p>A keyspace is named by a class with a constructor without arguments:
 *
 * <pre>{@code
 * public final class Profiles implements KeyspaceUnderTest {
 *   @Override
 *   public KeyspaceSpec<String, String> spec(Engines where) {
 *     return KeyspaceSpec.builder("profiles", KeyFormat.string(), Codecs.utf8())
 *         .remote(RedisBackend.connect(RedisOptions.of(where.redis())))
 *         .source(table(where.dynamo()))
 *         .deadline(deadline())
 *         .maxStaleness(maxStaleness())
 *         .build();
 *   }
 *
 *   @Override
 *   public Duration deadline() {
 *     return Duration.ofSeconds(1);
 *   }
 *
 *   @Override
 *   public Duration maxStaleness() {
 *     return Duration.ofSeconds(20);
 *   }
 * }
 * }</pre>
 *
 * and run by {@link dev.tiercel.testing.run.ProcessRunner}:
 *
 * <pre>{@code
 * var plan = CheckPlan.of(Profiles.class).processes(3).length(Duration.ofSeconds(60)).seed(7);
 * var outcome = new ProcessRunner(System.out::println).run(plan);
 * assertThat(outcome.passed()).as(outcome.report()).isTrue();
 * }</pre>
 */
@NullMarked
package dev.tiercel.testing.run;

import org.jspecify.annotations.NullMarked;
