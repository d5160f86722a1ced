package dev.tiercel.samples.check;

import dev.tiercel.KeyspaceSpec;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.testing.run.Engines;
import dev.tiercel.testing.run.KeyspaceUnderTest;
import dev.tiercel.tier.LocalPolicy;
import java.time.Duration;

/** The source of record without any cache: slow, and never stale. */
public final class SourceAlone implements KeyspaceUnderTest {

  private final ThreeTiers whole = new ThreeTiers();

  /** It has no settings. */
  public SourceAlone() {}

  @Override
  public KeyspaceSpec<String, String> spec(Engines where) {
    return KeyspaceSpec.builder("alone", KeyFormat.string(), Codecs.utf8())
        .local(LocalPolicy.off())
        .source(ThreeTiers.table(where.dynamo()))
        .deadline(deadline())
        .maxStaleness(maxStaleness())
        .build();
  }

  @Override
  public Duration deadline() {
    return whole.deadline();
  }

  @Override
  public Duration maxStaleness() {
    return whole.maxStaleness();
  }
}
