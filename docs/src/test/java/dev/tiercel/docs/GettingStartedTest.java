package dev.tiercel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.Keyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ReadOptions;
import dev.tiercel.ServingClient;
import dev.tiercel.WriteOptions;
import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codec;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.dynamo.DynamoBackend;
import dev.tiercel.dynamo.DynamoOptions;
import dev.tiercel.dynamo.DynamoTable;
import dev.tiercel.error.Conflict;
import dev.tiercel.error.ServingException;
import dev.tiercel.redis.RedisBackend;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.testing.DynamoDbExtension;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.DynamoDbEngine;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.tier.TtlPolicy;
import dev.tiercel.time.SystemTime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** The code of the README and of "Getting started". */
@ExtendWith({RedisExtension.class, DynamoDbExtension.class})
class GettingStartedTest {

  private final URI redis;
  private final URI dynamo;
  private final String tableName = UniqueName.of("features");
  private final AwsCredentialsProvider credentials =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

  GettingStartedTest(RedisEngine redis, DynamoDbEngine dynamo) {
    this.redis = redis.uri();
    this.dynamo = dynamo.endpoint();
  }

  @Test
  void threeTiers() {
    // region three-tiers
    var table = DynamoBackend.create(
        DynamoOptions.of(Region.EU_WEST_1).endpoint(dynamo).credentials(credentials),
        DynamoTable.managed(tableName));
    table.createTable().join();

    var spec = KeyspaceSpec.builder("features", KeyFormat.longs(), Codecs.floats())
        .local(LocalPolicy.defaults().maxBytes(64 << 20))
        .remote(RedisBackend.connect(RedisOptions.of(redis)))
        .source(table)
        .deadline(Duration.ofSeconds(2))
        .maxStaleness(Duration.ofMinutes(5))
        .build();

    ServingClient client = ServingClient.create();
    Keyspace<Long, float[]> features = client.keyspace(spec);

    features.put(4711L, new float[] {0.25f, 0.5f});
    float[] vector = features.get(4711L);
    // endregion
    try (client) {
      assertThat(vector).containsExactly(0.25f, 0.5f);
      batch(features);
      labels(features);
    }
  }

  private static void batch(Keyspace<Long, float[]> features) {
    // region batch
    var result = features.getAll(List.of(4711L, 4712L));

    Map<Long, float[]> found = result.values(); // 4711
    var absent = result.absent(); // 4712
    var failed = result.failed(); // none; else why, key by key
    // endregion
    assertThat(found).containsOnlyKeys(4711L);
    assertThat(absent).containsExactly(4712L);
    assertThat(failed).isEmpty();
  }

  private static void labels(Keyspace<Long, float[]> features) {
    // region options
    var entry = features.getEntry(4711L);
    var latest = features.get(4711L, ReadOptions.defaults().maxStaleness(Duration.ZERO));
    var atLeast = features.get(4711L, ReadOptions.defaults().atLeast(entry.version()));
    // endregion
    assertThat(entry.tier()).isEqualTo(Tier.LOCAL);
    assertThat(latest).containsExactly(0.25f, 0.5f);
    assertThat(atLeast).containsExactly(0.25f, 0.5f);
  }

  @Test
  void writes() {
    try (var client = ServingClient.create()) {
      var profiles = client.keyspace(inMemory("profiles", Codecs.utf8()));
      // region writes
      long version = profiles.put("ada", "reader");
      profiles.replace("ada", "author", version); // only over that version
      profiles.update(
          "ada", role -> role + ", editor"); // reads the latest, changes it, tries again

      try {
        profiles.putIfAbsent("ada", "reader");
      } catch (Conflict taken) {
        // Nothing was written; taken.storedVersion() says which version is there.
      }

      profiles.put("guest", "visitor", WriteOptions.defaults().ttl(Duration.ofHours(1)));
      profiles.expire("ada"); // cached copies are stale; the value stays
      profiles.remove("ada"); // the value goes
      // endregion
      assertThat(profiles.get("ada")).isNull();
      assertThat(profiles.get("guest")).isEqualTo("visitor");
    }
  }

  @Test
  void timesAndGroups() {
    var store = Backends.inMemoryStore(1 << 20, new SystemTime("docs-timer"));
    // region policies
    var spec = KeyspaceSpec.builder("articles", KeyFormat.string(), Codecs.utf8())
        .remote(RedisBackend.connect(RedisOptions.of(redis)))
        .source(store)
        .ttls(TtlPolicy.defaults()
            .soft(Duration.ofSeconds(30)) // older: served, and refreshed in the background
            .staleIfError(Duration.ofMinutes(2)) // the source fails: served for longer
            .negative(Duration.ofSeconds(5))) // that there is none is remembered
        .groups((id, text) -> Set.of(id.substring(0, id.indexOf('/')))) // "ada/1" is of "ada"
        .build();
    // endregion
    try (var client = ServingClient.create()) {
      var articles = client.keyspace(spec);
      articles.put("ada/1", "On engines");
      // region labels
      var entry = articles.getEntry("ada/1");
      if (entry != null && entry.isStale()) {
        log(entry.staleness(), entry.age()); // SOFT_TTL, SUSPECT or ERROR
      }
      // endregion
      assertThat(entry).isNotNull();
      assertThat(entry.value()).isEqualTo("On engines");
      // region groups
      articles.expireGroup("ada"); // everything of hers, however much
      articles.expireAll(); // the whole keyspace
      // endregion
      assertThat(articles.getEntry("ada/1").tier()).isEqualTo(Tier.SOURCE);
    }
  }

  private static void log(Staleness why, Duration age) {
    System.getLogger("articles").log(System.Logger.Level.INFO, "{0}, {1}", why, age);
  }

  @Test
  void failures() {
    try (var client = ServingClient.create()) {
      var profiles = client.keyspace(inMemory("profiles", Codecs.utf8()));
      // region failures
      String role;
      try {
        role = profiles.get("ada", ReadOptions.defaults().deadline(Duration.ofMillis(20)));
      } catch (ServingException failed) {
        role = "unknown"; // failed.where() says where; failed.retryable() whether to try again
      }
      // endregion
      assertThat(role).isNull();
    }
  }

  @Test
  void async() {
    try (var client = ServingClient.create()) {
      var profiles = client.keyspace(inMemory("profiles", Codecs.utf8()));
      profiles.put("ada", "reader");
      // region async
      var greeting = profiles.async().get("ada").thenApply(role -> "Hello, " + role);
      // endregion
      assertThat(greeting.join()).isEqualTo("Hello, reader");
    }
  }

  @Test
  void function() {
    var database = new HashMap<>(Map.of("ada", "reader"));
    var pool = Executors.newFixedThreadPool(2);
    // region function
    Backend roles = Backends.loading(
        KeyFormat.string(),
        Codecs.utf8(),
        users -> {
          var found = new HashMap<String, String>(); // SELECT ... WHERE user IN (...)
          users.forEach(user -> found.computeIfAbsent(user, database::get));
          return found;
        },
        pool);

    var spec = KeyspaceSpec.builder("roles", KeyFormat.string(), Codecs.utf8())
        .source(roles)
        .build();
    // endregion
    try (var client = ServingClient.create()) {
      var keyspace = client.keyspace(spec);
      assertThat(keyspace.get("ada")).isEqualTo("reader");
      assertThat(keyspace.get("bob")).isNull();
    } finally {
      pool.shutdownNow();
    }
  }

  private static <V> KeyspaceSpec<String, V> inMemory(String name, Codec<V> codec) {
    var time = new SystemTime("docs-timer");
    return KeyspaceSpec.builder(name, KeyFormat.string(), codec)
        .source(Backends.inMemoryStore(1 << 20, time))
        .build();
  }

  @Test
  void ownCodec() {
    record Point(int x, int y) {}
    // region codec
    var points = Codecs.of(
        1000, // 1,000 and up are yours
        (Point point) -> (point.x() + "," + point.y()).getBytes(StandardCharsets.UTF_8),
        bytes -> {
          var parts = new String(bytes, StandardCharsets.UTF_8).split(",", 2);
          return new Point(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        });
    // endregion
    try (var client = ServingClient.create()) {
      var keyspace = client.keyspace(inMemory("points", points));
      keyspace.put("a", new Point(1, 2));
      assertThat(keyspace.get("a", ReadOptions.defaults().maxStaleness(Duration.ZERO)))
          .isEqualTo(new Point(1, 2));
    }
  }
}
