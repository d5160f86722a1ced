package dev.tiercel.testing.run;

import dev.tiercel.KeyspaceSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * A keyspace as a service configures it, to be run by several processes at once. Implementations
 * have a public constructor without arguments: every process makes one of its own.
 */
public interface KeyspaceUnderTest {

  /**
   * The keyspace of this process. Called once per process; whatever the source needs (a table) is
   * created here, unless another process already did.
   *
   * @param where the engines as this process reaches them
   */
  KeyspaceSpec<String, String> spec(Engines where);

  /** The spec's deadline. A second or more, so that the errors seen are the faults'. */
  Duration deadline();

  /**
   * The spec's bound on staleness. Several times the time a change may take to be heard of, or else
   * a copy that nobody takes back is gone before it is found out.
   */
  Duration maxStaleness();

  /**
   * The group a key is in, which the run expires as a whole now and then; empty, as by default, if
   * the keyspace has no groups.
   *
   * @param key a key of the run
   */
  default Optional<String> group(String key) {
    return Optional.empty();
  }
}
