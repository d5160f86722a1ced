package dev.tiercel.guard;

import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.observe.Announcements;
import dev.tiercel.observe.ServingListener;

/** Tells a listener of an endpoint's states in the order in which they were entered. */
final class StateTeller {

  private final Endpoint endpoint;
  private final ServingListener listener;
  private final Announcements changes = new Announcements();
  private EndpointState current = EndpointState.PROBING;

  StateTeller(Endpoint endpoint, ServingListener listener) {
    this.endpoint = endpoint;
    this.listener = listener;
  }

  /** Notes a state; by one thread at a time. */
  @SuppressWarnings("ReferenceEquality") // the one that hears nothing
  void enter(EndpointState state) {
    var before = current;
    if (state != before && listener != ServingListener.NONE) {
      changes.note(() -> listener.onState(endpoint, before, state));
    }
    current = state;
  }

  /** Tells what has been noted, unless another thread is about it: then that one tells it. */
  void tell() {
    changes.tell();
  }
}
