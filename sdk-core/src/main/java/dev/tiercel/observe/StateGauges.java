package dev.tiercel.observe;

import dev.tiercel.health.EndpointState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;

/**
 * An endpoint's state as one gauge for each state there is, 1 for the one it is in and 0 for the
 * others: no number stands for a state. Thread-safe.
 */
final class StateGauges {

  private volatile EndpointState state = EndpointState.PROBING;

  StateGauges(MeterRegistry registry, Tags endpoint) {
    for (var each : EndpointState.values()) {
      // Held strongly: nobody else holds this for longer than a moment.
      Gauge.builder("tiercel.endpoint.state", this, gauges -> gauges.state == each ? 1 : 0)
          .tags(endpoint.and("state", each.name().toLowerCase(Locale.ROOT)))
          .strongReference(true)
          .register(registry);
    }
  }

  void set(EndpointState now) {
    state = now;
  }
}
