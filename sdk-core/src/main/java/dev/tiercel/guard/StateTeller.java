package dev.tiercel.guard;

import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.observe.ServingListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells a listener of an endpoint's states in the order in which they were entered. */
final class StateTeller {

  private record Change(EndpointState from, EndpointState to) {}

  private final Endpoint endpoint;
  private final ServingListener listener;
  private final Queue<Change> changes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger tellers = new AtomicInteger();
  private EndpointState current = EndpointState.PROBING;

  StateTeller(Endpoint endpoint, ServingListener listener) {
    this.endpoint = endpoint;
    this.listener = listener;
  }

  /** Notes a state; by one thread at a time. */
  @SuppressWarnings("ReferenceEquality") // the one that hears nothing
  void enter(EndpointState state) {
    if (state != current && listener != ServingListener.NONE) {
      changes.add(new Change(current, state));
    }
    current = state;
  }

  /** Tells what has been noted, unless another thread is about it: then that one tells it. */
  void tell() {
    if (changes.isEmpty() || tellers.getAndIncrement() != 0) {
      return;
    }
    var missed = 1;
    do {
      for (var change = changes.poll(); change != null; change = changes.poll()) {
        listener.onState(endpoint, change.from, change.to);
      }
      missed = tellers.addAndGet(-missed);
    } while (missed != 0);
  }
}
