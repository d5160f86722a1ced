package dev.tiercel.samples.check;

import dev.tiercel.KeyspaceSpec;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.dynamo.DynamoBackend;
import dev.tiercel.dynamo.DynamoOptions;
import dev.tiercel.dynamo.DynamoTable;
import dev.tiercel.redis.RedisBackend;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.testing.run.Engines;
import dev.tiercel.testing.run.KeyspaceUnderTest;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.tier.RemotePolicy;
import dev.tiercel.tier.TtlPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * What is run unless another keyspace is named: memory, Redis and DynamoDB. Copies live much longer
 * than changes may take to be heard of, so that one that nobody takes back is seen.
 */
public final class ThreeTiers implements KeyspaceUnderTest {

  private static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final Duration MAX_STALENESS = Duration.ofSeconds(30);

  /**
   * All of it long, so that a copy that should be gone is still there, and calls itself fresh; and
   * each short enough to happen now and then.
   */
  private static final TtlPolicy TTLS = TtlPolicy.defaults()
      .soft(Duration.ofSeconds(12))
      .staleIfError(Duration.ofSeconds(8))
      .negative(Duration.ofSeconds(5));

  private static final LocalPolicy LOCAL = LocalPolicy.defaults().ttl(Duration.ofSeconds(20));
  private static final RemotePolicy REMOTE =
      RemotePolicy.defaults().timeout(Duration.ofMillis(250));
  private static final int GROUPS = 10;

  /** It has no settings. */
  public ThreeTiers() {}

  @Override
  public KeyspaceSpec<String, String> spec(Engines where) {
    return KeyspaceSpec.builder("check", KeyFormat.string(), Codecs.utf8())
        .local(LOCAL)
        .remote(RedisBackend.connect(RedisOptions.of(where.redis())), REMOTE)
        .source(table(where.dynamo()))
        .ttls(TTLS)
        .groups((key, value) -> Set.of(groupOf(key)))
        .deadline(DEADLINE)
        .maxStaleness(MAX_STALENESS)
        .build();
  }

  @Override
  public Duration deadline() {
    return DEADLINE;
  }

  @Override
  public Duration maxStaleness() {
    return MAX_STALENESS;
  }

  @Override
  public Optional<String> group(String key) {
    return Optional.of(groupOf(key));
  }

  private static String groupOf(String key) {
    return "g" + Math.floorMod(key.hashCode(), GROUPS);
  }

  /** The table, created if it is not there. */
  static DynamoBackend table(URI endpoint) {
    var anybody = StaticCredentialsProvider.create(AwsBasicCredentials.create("check", "none"));
    var options = DynamoOptions.of(Region.EU_WEST_1).endpoint(endpoint).credentials(anybody);
    var table = DynamoBackend.create(options, DynamoTable.managed("check"));
    table.createTable().join();
    return table;
  }
}
