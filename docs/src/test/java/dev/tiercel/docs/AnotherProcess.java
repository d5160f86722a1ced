package dev.tiercel.docs;

import dev.tiercel.Keyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ServingClient;
import dev.tiercel.backend.Backend;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import java.time.Duration;

/** Another process's view of a floor: the same Redis and table, an empty local tier, a clock of versions of its own. */
final class AnotherProcess implements AutoCloseable {

  final Keyspace<String, String> keyspace;
  private final ServingClient client = ServingClient.create();

  AnotherProcess(Floor floor) {
    keyspace =
        client.keyspace(
            KeyspaceSpec.builder(floor.name, KeyFormat.string(), Codecs.utf8())
                .remote(shared(floor.remote))
                .source(shared(floor.source))
                .deadline(Duration.ofSeconds(10))
                .build());
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
