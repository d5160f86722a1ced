package dev.tiercel.samples.check;

import dev.tiercel.Keyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ServingClient;
import dev.tiercel.backend.Backend;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.dynamo.DynamoBackend;
import dev.tiercel.dynamo.DynamoOptions;
import dev.tiercel.dynamo.DynamoTable;
import dev.tiercel.redis.RedisBackend;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.region.RegionPolicy;
import dev.tiercel.region.WritePolicy;
import dev.tiercel.testing.region.HarnessRegion;
import dev.tiercel.testing.region.RegionHarness;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.tier.RemotePolicy;
import dev.tiercel.tier.TtlPolicy;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** The keyspace over two regions: it promises that nobody goes back, and rather fails. */
final class RegionalStore {

  static final String EAST = "east";
  static final String WEST = "west";
  private static final String NAME = "regional";
  private static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final Duration MAX_STALENESS = Duration.ofMinutes(20);

  /** Copies are gone soon, so that what answers instead is seen. */
  private static final LocalPolicy LOCAL = LocalPolicy.defaults().ttl(Duration.ofSeconds(1));

  private static final RemotePolicy REMOTE =
      RemotePolicy.defaults().timeout(Duration.ofMillis(250));
  private static final TtlPolicy TTLS = TtlPolicy.defaults().soft(Duration.ofSeconds(2));

  /** Quick to leave and to come back, so that a minute sees many switches. */
  private static final RegionPolicy REGIONS = RegionPolicy.defaults()
      .holdDown(Duration.ofMillis(500), Duration.ofSeconds(2))
      .probeInterval(Duration.ofMillis(100))
      .failback(Duration.ofSeconds(1), Duration.ofSeconds(1));

  private final RegionHarness harness;
  private final WritePolicy writes;

  /** Creates the table in every region, and has it replicated. */
  RegionalStore(RegionHarness harness, WritePolicy writes) {
    this.harness = harness;
    this.writes = writes;
    for (var region : harness.regions()) {
      try (var table = table(region, region.name())) {
        table.createTable().join();
      }
    }
    harness.replicator().replicate(NAME);
  }

  /** Opens the keyspace for a process in a region. */
  Keyspace<String, String> open(ServingClient client, String from) {
    return client.keyspace(KeyspaceSpec.builder(NAME, KeyFormat.string(), Codecs.utf8())
        .local(LOCAL)
        .remoteIn(harness.regions().stream().map(region -> cache(region, from)).toList(), REMOTE)
        .sourceIn(harness.regions().stream().map(region -> table(region, from)).toList())
        .writes(writes)
        .regions(REGIONS)
        .ttls(TTLS)
        .deadline(DEADLINE)
        .maxStaleness(MAX_STALENESS)
        .build());
  }

  /** The regions' names. */
  static List<String> names() {
    return List.of(EAST, WEST);
  }

  private static Backend cache(HarnessRegion region, String from) {
    return RedisBackend.connect(
        RedisOptions.of(region.seenFrom(from).redis()).region(region.name()));
  }

  private static DynamoBackend table(HarnessRegion region, String from) {
    var anybody = StaticCredentialsProvider.create(AwsBasicCredentials.create("check", "none"));
    var options = DynamoOptions.of(Region.of(region.name()))
        .endpoint(region.seenFrom(from).dynamoDb())
        .credentials(anybody);
    return DynamoBackend.create(options, DynamoTable.managed(NAME));
  }
}
