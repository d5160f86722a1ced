package dev.tiercel.observe;

import dev.tiercel.backend.Tier;
import dev.tiercel.error.ServingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a listener throws away from the calls it listens to. */
record SafeListener(ServingListener listener) implements ServingListener {

  private static final Logger LOG = LoggerFactory.getLogger(ServingListener.class);

  @Override
  public void onUnreadable(String keyspace, Tier tier, String reason) {
    tell(() -> listener.onUnreadable(keyspace, tier, reason));
  }

  @Override
  public void onTierFailure(String keyspace, Tier tier, ServingException cause) {
    tell(() -> listener.onTierFailure(keyspace, tier, cause));
  }

  @Override
  public void onFillRefused(String keyspace, Tier tier) {
    tell(() -> listener.onFillRefused(keyspace, tier));
  }

  @Override
  public void onSourceLoad(String keyspace, int keys) {
    tell(() -> listener.onSourceLoad(keyspace, keys));
  }

  @Override
  public void onProbe(ProbeResult result) {
    tell(() -> listener.onProbe(result));
  }

  @Override
  public void onProbeFailure(String keyspace, ServingException cause) {
    tell(() -> listener.onProbeFailure(keyspace, cause));
  }

  private static void tell(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException | Error thrown) {
      LOG.warn("listener: threw (expected: no exception)", thrown);
    }
  }
}
