package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.assertRefused;
import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.WriteOutcome;
import java.time.Duration;

/** What the trials of leases have in common. */
interface LeaseTrial extends BackendTrial {

  /** Makes the backend forget a key, which must be gone then. */
  default void assertForgotten(String key, Duration holdOff) {
    assertThat(probe().forget(key, holdOff)).isInstanceOf(WriteOutcome.Stored.class);
    probe().absent(key);
  }

  /**
   * Without leases: none is given to two readers of a missing key, and what needs one is refused.
   */
  default boolean refusesLeases() {
    if (can(Feature.LEASES)) {
      return false;
    }
    assertThat(probe().lease("key", LONG)).isEqualTo(Lease.NONE);
    assertThat(probe().lease("key", LONG)).isEqualTo(Lease.NONE);
    assertRefused(probe().fill("key", value("value", 1), 1));
    assertRefused(probe().renew("key", 1, LONG));
    assertRefused(probe().release("key", 1));
    assertRefused(probe().forget("key", Duration.ZERO));
    assertRefused(probe().forget("key", LONG));
    probe().absent("key");
    store(probe().keyspace(), "there", new byte[] {7});
    assertRefused(probe().forget("there", Duration.ZERO));
    assertThat(probe().found("there").payload()).containsExactly(7);
    return true;
  }
}
