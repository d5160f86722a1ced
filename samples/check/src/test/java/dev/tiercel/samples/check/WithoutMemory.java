package dev.tiercel.samples.check;

import dev.tiercel.KeyspaceSpec;
import dev.tiercel.testing.run.Engines;
import dev.tiercel.testing.run.KeyspaceUnderTest;
import dev.tiercel.tier.LocalPolicy;
import java.time.Duration;
import java.util.Optional;

/** The three tiers without the first: what one process writes the others read at once. */
public final class WithoutMemory implements KeyspaceUnderTest {

  private final ThreeTiers whole = new ThreeTiers();

  /** It has no settings. */
  public WithoutMemory() {}

  @Override
  public KeyspaceSpec<String, String> spec(Engines where) {
    return whole.spec(where, LocalPolicy.off());
  }

  @Override
  public Duration deadline() {
    return whole.deadline();
  }

  @Override
  public Duration maxStaleness() {
    return whole.maxStaleness();
  }

  @Override
  public Optional<String> group(String key) {
    return whole.group(key);
  }
}
