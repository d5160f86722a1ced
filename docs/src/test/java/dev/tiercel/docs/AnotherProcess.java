package dev.tiercel.docs;

import dev.tiercel.Keyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ServingClient;
import dev.tiercel.backend.Backend;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import java.time.Duration;

/**
 * Another process's view of a floor: the same Redis and table, an empty local tier, a clock of
 * versions of its own.
 */
final class AnotherProcess implements AutoCloseable {

  final Keyspace<String, String> keyspace;
  private final ServingClient client = ServingClient.create();

  AnotherProcess(Floor floor) {
    this(spec(floor).remote(shared(floor.remote)).source(shared(floor.source)));
  }

  private AnotherProcess(KeyspaceSpec.Builder<String, String> spec) {
    keyspace = client.keyspace(spec.build());
  }

  /** A process that knows the table and not the cache: nobody hears of what it writes. */
  static AnotherProcess withoutRedis(Floor floor) {
    return new AnotherProcess(spec(floor).source(shared(floor.source.behind())));
  }

  private static KeyspaceSpec.Builder<String, String> spec(Floor floor) {
    return KeyspaceSpec.builder(floor.name, KeyFormat.string(), Codecs.utf8())
        .deadline(Duration.ofSeconds(10));
  }

  /** What two clients share is closed by the first. */
  private static Backend shared(Backend backend) {
    return new ForwardingBackend(backend) {
      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {
    client.close();
  }
}
