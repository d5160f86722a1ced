package dev.tiercel;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.health.RegionState;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.region.Place;
import dev.tiercel.region.RegionPolicy;
import dev.tiercel.region.WritePolicy;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.StagedBackend;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A keyspace over two regions, each with its tiers in memory, on time that a test holds in its
 * hand. Nothing replicates by itself: the test carries entries over.
 */
final class TwoRegions implements AutoCloseable {

  static final String NAME = "features";

  /** One region's tiers. */
  final class Side {
    final String name;
    final StagedBackend remote;
    final StagedBackend source;

    Side(String name) {
      this.name = name;
      remote = new StagedBackend(new Placed(name, Backends.inMemoryCache(16 << 20, time)));
      source = new StagedBackend(new Placed(name, Backends.inMemoryStore(16 << 20, time)));
    }

    /** Everything there fails at once, without having been applied. */
    void lose() {
      for (var tier : List.of(remote, source)) {
        tier.failReads(lost());
        tier.failWrites(lost());
      }
      remote.cutFeed();
    }

    /** Everything there works again. */
    void heal() {
      remote.pass();
      source.pass();
      remote.restoreFeed();
    }

    ReadOutcome atSource(String key) {
      return peek(source, key);
    }

    ReadOutcome atRemote(String key) {
      return peek(remote, key);
    }

    /** Replication brings what the other side's source has. */
    void receives(String key, Side from) {
      if (from.atSource(key) instanceof ReadOutcome.Found found) {
        apply(source, new Mutation.Put(key, found.entry(), Condition.ALWAYS));
      }
    }
  }

  /** A backend in a region. */
  private static final class Placed extends ForwardingBackend {
    private final String region;

    Placed(String region, Backend backend) {
      super(backend);
      this.region = region;
    }

    @Override
    public String region() {
      return region;
    }
  }

  final FakeTime time = new FakeTime();
  final Side east = new Side("east");
  final Side west = new Side("west");
  final List<String> heard = new ArrayList<>();
  private final List<ServingClient> clients = new ArrayList<>();

  /** A process in the east. */
  Keyspace<String, String> process(UnaryOperator<KeyspaceSpec.Builder<String, String>> adjust) {
    return processIn("east", adjust);
  }

  /** A process somewhere. */
  Keyspace<String, String> processIn(
      String region, UnaryOperator<KeyspaceSpec.Builder<String, String>> adjust) {
    var client = ServingClient.builder()
        .place(Place.of(region))
        .time(time)
        .executor(Runnable::run)
        .random(new Chance())
        .listener(new Heard())
        .drainTime(Duration.ZERO)
        .build();
    clients.add(client);
    var spec = KeyspaceSpec.builder(NAME, KeyFormat.string(), Codecs.utf8())
        .remoteIn(List.of(east.remote, west.remote))
        .sourceIn(List.of(east.source, west.source))
        .writes(WritePolicy.anywhere())
        .regions(RegionPolicy.defaults())
        .remoteResilience(Rig.CALM)
        .sourceResilience(Rig.CALM);
    return client.keyspace(adjust.apply(spec).build());
  }

  /** A process that keeps no copy for long. */
  static KeyspaceSpec.Builder<String, String> forgetful(KeyspaceSpec.Builder<String, String> spec) {
    return spec.local(LocalPolicy.defaults().ttl(Duration.ofSeconds(1)));
  }

  /** The caches of both regions lose a key, as their eviction would. */
  void forgetAtRemotes(String key) {
    List.of(east, west)
        .forEach(side -> apply(side.remote, new Mutation.Forget(key, Duration.ZERO)));
  }

  /** The client of a process, in the order in which they were made. */
  ServingClient client(int index) {
    return clients.get(index);
  }

  /** Reads ten keys a second for two seconds, whatever comes of it. */
  void untilLost(Keyspace<String, String> process) {
    for (var read = 0; read < 20; read++) {
      process.getAll(List.of("any-" + read));
      time.advance(Duration.ofMillis(100));
    }
  }

  private ReadOutcome peek(StagedBackend backend, String key) {
    return backend
        .behind()
        .read(ReadRequest.of(NAME, List.of(key)), context())
        .join()
        .outcomes()
        .get(0);
  }

  private void apply(StagedBackend backend, Mutation mutation) {
    backend.behind().write(new WriteRequest(NAME, List.of(mutation)), context()).join();
  }

  private CallContext context() {
    return CallContext.of(Deadline.after(Duration.ofSeconds(1), time));
  }

  static String value(ReadOutcome outcome) {
    return outcome instanceof ReadOutcome.Found found
        ? new String(found.entry().payload(), StandardCharsets.UTF_8)
        : null;
  }

  private static Unavailable lost() {
    return new Unavailable("region: lost", Where.at("tier", ""), null);
  }

  @Override
  public void close() {
    List.of(east, west).forEach(Side::heal);
    clients.forEach(ServingClient::close);
  }

  private final class Heard implements ServingListener {
    @Override
    public void onRegionState(String keyspace, String region, RegionState from, RegionState to) {
      heard.add(region + ": " + to);
    }

    @Override
    public void onRegionSwitch(String keyspace, String from, String to) {
      heard.add(from + " -> " + to);
    }
  }
}
