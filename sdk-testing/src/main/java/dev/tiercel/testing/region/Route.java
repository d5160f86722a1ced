package dev.tiercel.testing.region;

import dev.tiercel.testing.chaos.ChaosProxy;
import dev.tiercel.testing.chaos.Direction;
import dev.tiercel.testing.chaos.Fault;
import dev.tiercel.testing.engine.Engine;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The way from the clients of one region to the engines of one: a proxy before each engine. */
final class Route implements AutoCloseable {

  private final ChaosProxy cache;
  private final ChaosProxy source;

  /**
   * Opens it.
   *
   * @param roundTrip what its length costs without a fault; never healed
   */
  Route(Engine redis, Engine dynamoDb, Duration roundTrip, Time time) {
    cache = ChaosProxy.before(redis.host(), redis.port(), time);
    try {
      source = ChaosProxy.before(dynamoDb.host(), dynamoDb.port(), time);
    } catch (RuntimeException failure) {
      cache.close();
      throw failure;
    }
    if (!roundTrip.isZero()) {
      var unused = inject(Part.ALL, slower(roundTrip));
    }
  }

  /** What makes a round trip so much longer. */
  static Fault slower(Duration roundTrip) {
    return new Fault.Delay(Direction.BOTH, roundTrip.dividedBy(2));
  }

  Endpoints endpoints() {
    return new Endpoints(cache.host(), cache.port(), source.port());
  }

  /** The proxies before some engines. */
  List<ChaosProxy> proxies(Part part) {
    var proxies = new ArrayList<ChaosProxy>();
    if (part.includes(Part.CACHE)) {
      proxies.add(cache);
    }
    if (part.includes(Part.SOURCE)) {
      proxies.add(source);
    }
    return proxies;
  }

  /** Lets a fault happen; returns how it is healed. */
  Runnable inject(Part part, Fault fault) {
    return Undo.all(
        proxies(part).stream().map(proxy -> Undo.of(proxy.inject(fault))).toList());
  }

  /** Refuses what is new and cuts what is there, in that order; returns how it is healed. */
  Runnable kill(Part part) {
    var undos = new ArrayList<Runnable>();
    for (var proxy : proxies(part)) {
      undos.add(Undo.of(proxy.refuse()));
      undos.add(Undo.of(proxy.inject(new Fault.Reset())));
    }
    return Undo.all(undos);
  }

  @Override
  public void close() {
    cache.close();
    source.close();
  }
}
