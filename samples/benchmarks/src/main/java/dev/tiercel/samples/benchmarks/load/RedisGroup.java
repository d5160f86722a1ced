package dev.tiercel.samples.benchmarks.load;

import dev.tiercel.testing.chaos.ChaosProxy;
import dev.tiercel.testing.engine.RedisEngine;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A Redis and its replicas, each behind a proxy of its own. Replication does not go through the
 * proxies.
 */
final class RedisGroup implements AutoCloseable {

  private final List<RedisEngine> engines = new ArrayList<>();
  private final List<ChaosProxy> proxies = new ArrayList<>();

  private RedisGroup() {}

  /** Starts a primary and so many replicas. */
  static RedisGroup launch(int replicas) {
    var group = new RedisGroup();
    try {
      var primary = RedisEngine.launch();
      group.add(primary);
      for (var number = 0; number < replicas; number++) {
        group.add(primary.launchReplica());
      }
      return group;
    } catch (RuntimeException failure) {
      group.close();
      throw failure;
    }
  }

  private void add(RedisEngine engine) {
    engines.add(engine);
    proxies.add(ChaosProxy.before(engine.uri().getHost(), engine.uri().getPort()));
  }

  /** The proxies, the primary's first. */
  List<ChaosProxy> proxies() {
    return List.copyOf(proxies);
  }

  /** Where the primary is reached, through its proxy. */
  URI primary() {
    return uris().get(0);
  }

  /** Where the replicas are reached, through their proxies. */
  List<URI> replicas() {
    return uris().subList(1, engines.size());
  }

  private List<URI> uris() {
    return proxies.stream()
        .map(proxy -> URI.create("redis://" + proxy.host() + ":" + proxy.port()))
        .toList();
  }

  @Override
  public void close() {
    proxies.forEach(ChaosProxy::close);
    for (var number = engines.size() - 1; number >= 0; number--) {
      engines.get(number).close();
    }
  }
}
