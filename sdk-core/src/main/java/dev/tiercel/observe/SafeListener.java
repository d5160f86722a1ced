package dev.tiercel.observe;

import dev.tiercel.backend.Tier;
import dev.tiercel.error.ServingException;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.health.RegionState;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a listener throws away from the calls it listens to. */
record SafeListener(ServingListener listener, AtomicLong failures) implements ServingListener {

  private static final Logger LOG = LoggerFactory.getLogger(ServingListener.class);

  SafeListener(ServingListener listener) {
    this(listener, new AtomicLong());
  }

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

  @Override
  public void onAttempt(Endpoint endpoint, Attempt attempt) {
    tell(() -> listener.onAttempt(endpoint, attempt));
  }

  @Override
  public void onRefusal(Endpoint endpoint, Refusal why) {
    tell(() -> listener.onRefusal(endpoint, why));
  }

  @Override
  public void onRetry(Endpoint endpoint, int keys, ServingException cause) {
    tell(() -> listener.onRetry(endpoint, keys, cause));
  }

  @Override
  public void onHedge(Endpoint slow, Endpoint asked, int keys) {
    tell(() -> listener.onHedge(slow, asked, keys));
  }

  @Override
  public void onHedgeWon(Endpoint endpoint, int keys) {
    tell(() -> listener.onHedgeWon(endpoint, keys));
  }

  @Override
  public void onState(Endpoint endpoint, EndpointState from, EndpointState to) {
    tell(() -> listener.onState(endpoint, from, to));
  }

  @Override
  public void onRegionState(String keyspace, String region, RegionState from, RegionState to) {
    tell(() -> listener.onRegionState(keyspace, region, from, to));
  }

  @Override
  public void onRegionSwitch(String keyspace, String from, String to) {
    tell(() -> listener.onRegionSwitch(keyspace, from, to));
  }

  @Override
  public void onDetour(String keyspace, String from, String to, int keys, Detour why) {
    tell(() -> listener.onDetour(keyspace, from, to, keys, why));
  }

  private void tell(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException | Error thrown) {
      // Ever more seldom: events come by the hundred thousand.
      var count = failures.incrementAndGet();
      if (Long.bitCount(count) == 1) {
        LOG.warn("listener: threw {} times (expected: no exception)", count, thrown);
      }
    }
  }
}
