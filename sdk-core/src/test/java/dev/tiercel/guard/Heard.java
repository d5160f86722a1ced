package dev.tiercel.guard;

import dev.tiercel.error.ServingException;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.observe.Attempt;
import dev.tiercel.observe.Refusal;
import dev.tiercel.observe.ServingListener;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it hears. */
final class Heard implements ServingListener {

  final List<Attempt> attempts = new ArrayList<>();
  final List<Refusal> refusals = new ArrayList<>();
  final List<String> states = new ArrayList<>();
  final List<String> retries = new ArrayList<>();

  @Override
  public void onAttempt(Endpoint endpoint, Attempt attempt) {
    attempts.add(attempt);
  }

  @Override
  public void onRefusal(Endpoint endpoint, Refusal why) {
    refusals.add(why);
  }

  @Override
  public void onState(Endpoint endpoint, EndpointState from, EndpointState to) {
    states.add(from + " " + to);
  }

  @Override
  public void onRetry(Endpoint endpoint, int keys, ServingException cause) {
    retries.add(keys + " " + cause.getClass().getSimpleName());
  }
}
