package dev.tiercel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.Keyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ServingClient;
import dev.tiercel.backend.Backend;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.health.RegionState;
import dev.tiercel.region.Place;
import dev.tiercel.region.RegionLoss;
import dev.tiercel.region.WritePolicy;
import dev.tiercel.time.SystemTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code on the page about regions. */
class RegionsTest {

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

  @Test
  void keyspaceOverTwoRegions_readsItsOwn_andLeavesOneThatIsDrained() {
    try (var time = new SystemTime("regions-test")) {
      var redisEast = new Placed("east", Backends.inMemoryCache(1 << 20, time));
      var redisWest = new Placed("west", Backends.inMemoryCache(1 << 20, time));
      var tableEast = new Placed("east", Backends.inMemoryStore(1 << 20, time));
      var tableWest = new Placed("west", Backends.inMemoryStore(1 << 20, time));
      // region two-regions
      var spec = KeyspaceSpec.builder("profiles", KeyFormat.string(), Codecs.utf8())
          .remoteIn(List.of(redisEast, redisWest))
          .sourceIn(List.of(tableEast, tableWest))
          .writes(WritePolicy.anywhere())
          .loss(RegionLoss.REMOTE)
          .build();

      var client = ServingClient.builder().place(Place.fromEnvironment()).build();
      Keyspace<String, String> profiles = client.keyspace(spec);
      // endregion
      try (client) {
        profiles.put("ann", "reads a lot");
        assertThat(profiles.get("ann")).isEqualTo("reads a lot");

        client.regions().drain("east");
        assertThat(client.regions().statuses())
            .anyMatch(
                status -> status.region().equals("east") && status.state() == RegionState.DRAINED)
            .anyMatch(status -> status.region().equals("west") && status.current());
      }
    }
  }
}
