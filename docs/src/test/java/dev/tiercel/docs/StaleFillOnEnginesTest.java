package dev.tiercel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Tier;
import dev.tiercel.testing.DynamoDbExtension;
import dev.tiercel.testing.FeedProbe;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.testing.engine.DynamoDbEngine;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.time.SystemTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * G4 on real engines: a load paused between DynamoDB's answer and its fills, overtaken meanwhile,
 * and let go.
 */
@ExtendWith({RedisExtension.class, DynamoDbExtension.class})
class StaleFillOnEnginesTest {

  @Test
  void load_overtakenByAPut_isInNeitherTier(RedisEngine redis, DynamoDbEngine dynamo)
      throws Exception {
    try (var floor = new Floor(redis, dynamo, LocalPolicy.defaults());
        var time = new SystemTime("feed-probe");
        var feed = FeedProbe.follow(floor.remote.feed().orElseThrow(), floor.name, time)) {
      // What the feed tells of the beginning comes before what this is about: told late, it would
      // take the new value out of memory.
      feed.awaitConnected();
      floor.keyspace.put("key", "old");
      feed.awaitChanged("key");
      floor.keyspace.expire("key");
      feed.awaitChanged("key");
      var load = floor.source.holdReads(Point.ANSWER);
      var reader = floor.keyspace.async().get("key");
      load.awaitArrival();

      var version = floor.keyspace.put("key", "new");
      load.release();

      assertThat(reader.get(10, TimeUnit.SECONDS)).isIn("old", "new");
      floor.source.pass();
      assertThat(floor.keyspace.getEntry("key")).satisfies(local -> {
        assertThat(local.tier()).isEqualTo(Tier.LOCAL);
        assertThat(local.value()).isEqualTo("new");
        assertThat(local.version()).isEqualTo(version);
      });
      try (var other = new AnotherProcess(floor)) {
        assertThat(other.keyspace.getEntry("key")).satisfies(remote -> {
          assertThat(remote.tier()).isEqualTo(Tier.REMOTE);
          assertThat(remote.value()).isEqualTo("new");
        });
      }
    }
  }

  @Test
  void load_overtakenByARemove_isInNeitherTier(RedisEngine redis, DynamoDbEngine dynamo)
      throws Exception {
    try (var floor = new Floor(redis, dynamo, LocalPolicy.defaults())) {
      floor.keyspace.put("key", "old");
      floor.keyspace.expire("key");
      var load = floor.source.holdReads(Point.ANSWER);
      var reader = floor.keyspace.async().get("key");
      load.awaitArrival();

      floor.keyspace.remove("key");
      load.release();

      assertThat(reader.get(10, TimeUnit.SECONDS)).isIn("old", null);
      floor.source.pass();
      assertThat(floor.keyspace.get("key")).isNull();
      try (var other = new AnotherProcess(floor)) {
        assertThat(other.keyspace.get("key")).isNull();
      }
    }
  }

  /**
   * No tier holds a newer version here, so nothing but the fence and the lease can refuse the old
   * load.
   */
  @Test
  void load_overtakenByAnExpire_isRefusedByBothTiers(RedisEngine redis, DynamoDbEngine dynamo)
      throws Exception {
    try (var floor = new Floor(redis, dynamo, LocalPolicy.defaults());
        var unheard = AnotherProcess.withoutRedis(floor);
        var other = new AnotherProcess(floor)) {
      floor.keyspace.put("key", "old");
      floor.keyspace.expire("key");
      var load = floor.source.holdReads(Point.ANSWER);
      var reader = floor.keyspace.async().get("key");
      load.awaitArrival();

      unheard.keyspace.put("key", "new");
      floor.keyspace.expire("key");
      load.release();

      assertThat(reader.get(10, TimeUnit.SECONDS)).isEqualTo("old");
      assertThat(floor.refusedFills.next(2)).containsExactlyInAnyOrder(Tier.LOCAL, Tier.REMOTE);
      floor.source.pass();
      assertThat(other.keyspace.get("key")).isEqualTo("new");
      assertThat(floor.keyspace.get("key")).isEqualTo("new");
    }
  }
}
