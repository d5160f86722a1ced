package dev.tiercel.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;

/**
 * The state something is in as one gauge for each state there is, 1 for the one it is in and 0 for
 * the others: no number stands for a state. Thread-safe.
 *
 * @param <S> the states
 */
final class StateGauges<S extends Enum<S>> {

  private volatile S state;

  /**
   * Registers the gauges.
   *
   * @param name their name
   * @param tags what is in that state
   * @param first the state it is in
   */
  StateGauges(MeterRegistry registry, String name, Tags tags, S first) {
    state = first;
    for (var each : first.getDeclaringClass().getEnumConstants()) {
      // Held strongly: nobody else holds this for longer than a moment.
      Gauge.builder(name, this, gauges -> gauges.state == each ? 1 : 0)
          .tags(tags.and("state", each.name().toLowerCase(Locale.ROOT)))
          .strongReference(true)
          .register(registry);
    }
  }

  void set(S now) {
    state = now;
  }
}
