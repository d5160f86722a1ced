package dev.tiercel.samples.benchmarks.load;

import dev.tiercel.error.ServingException;
import dev.tiercel.health.Endpoint;
import dev.tiercel.observe.Refusal;
import dev.tiercel.observe.ServingListener;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the layers do beyond one attempt per call. Thread-safe. */
final class Counts implements ServingListener {

  private final LongAdder hedged = new LongAdder();
  private final LongAdder won = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final Map<Refusal, LongAdder> refusals = new EnumMap<>(Refusal.class);

  Counts() {
    for (var why : Refusal.values()) {
      refusals.put(why, new LongAdder());
    }
  }

  @Override
  public void onHedge(Endpoint slow, Endpoint asked, int keys) {
    hedged.add(keys);
  }

  @Override
  public void onHedgeWon(Endpoint endpoint, int keys) {
    won.add(keys);
  }

  @Override
  public void onRetry(Endpoint endpoint, int keys, ServingException cause) {
    retried.add(keys);
  }

  @Override
  public void onRefusal(Endpoint endpoint, Refusal why) {
    var count = refusals.get(why);
    if (count != null) {
      count.increment();
    }
  }

  /** Keys that were asked for a second time because they were slow. */
  long hedged() {
    return hedged.sum();
  }

  /** Keys whose second answer came first. */
  long won() {
    return won.sum();
  }

  /** Keys that were asked for again because they had failed. */
  long retried() {
    return retried.sum();
  }

  /** Attempts that were not sent, by why. */
  String refusals() {
    var text = new StringJoiner(", ").setEmptyValue("none");
    refusals.forEach((why, count) -> {
      if (count.sum() > 0) {
        text.add(why + " " + count.sum());
      }
    });
    return text.toString();
  }
}
