package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Tier;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.tier.TtlPolicy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That a key has no value is remembered for a while, and no put waits for that while to end. */
class NegativeTest {

  private static final Duration TTL = Duration.ofSeconds(1);

  private final Rig rig = new Rig();
  private final Keyspace<String, String> other = rig.anotherProcess();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void absence_isRememberedByEveryTierForItsTime() {
    assertThat(rig.keyspace.get("key")).isNull();
    rig.writeAtSource("key", "value", 1);
    rig.time.advance(TTL.minusMillis(1));
    assertThat(rig.keyspace.get("key")).isNull();
    assertThat(rig.remote.keysRead()).containsExactly("key");
    assertThat(other.get("key")).isNull();
    assertThat(rig.source.keysRead()).containsExactly("key");

    rig.time.advance(Duration.ofMillis(1));
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    assertThat(other.get("key")).isEqualTo("value");
  }

  @Test
  void copyOfAnAbsence_carriesItsAgeOn() {
    assertThat(rig.keyspace.get("key")).isNull();
    rig.time.advance(Duration.ofMillis(600));
    assertThat(other.get("key")).isNull();
    rig.writeAtSource("key", "value", 1);
    rig.time.advance(Duration.ofMillis(400));

    assertThat(other.get("key")).isEqualTo("value");
  }

  @Test
  void putOfThisProcess_isReadAtOnce() {
    assertThat(rig.keyspace.get("key")).isNull();
    rig.keyspace.put("key", "value");

    assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.LOCAL);
    assertThat(rig.remoteValue("key")).isEqualTo("value");
  }

  @Test
  void putOfAnotherProcess_isReadAtOnce() {
    assertThat(rig.keyspace.get("key")).isNull();
    other.put("key", "value");

    assertThat(rig.remoteValue("key")).isEqualTo("value");
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
  }

  @Test
  void putIfAbsent_isNotRefusedForAnAbsence() {
    assertThat(rig.keyspace.get("key")).isNull();
    rig.keyspace.putIfAbsent("key", "value");

    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    assertThat(rig.remoteValue("key")).isEqualTo("value");
  }

  @Test
  void putOfTheSmallestVersion_beatsAnAbsence() {
    assertThat(rig.keyspace.get("key")).isNull();
    rig.writeAtRemote("key", "value", 1);

    assertThat(rig.keyspace.get("key")).isEqualTo("value");
  }

  @Test
  void timeOfZero_nothingIsRememberedAndTheLeaseIsGivenBack() {
    var forgetful = rig.process(spec -> spec.ttls(TtlPolicy.defaults().negative(Duration.ZERO)));
    assertThat(forgetful.get("key")).isNull();
    assertThat(rig.remote.mutations())
        .hasOnlyElementsOfType(Mutation.Release.class)
        .hasSize(1);
    rig.writeAtSource("key", "value", 1);

    assertThat(forgetful.get("key")).isEqualTo("value");
    assertThat(rig.remoteValue("key")).isEqualTo("value");
  }

  @Test
  void remoteCopyOfWhatIsGoneWithoutATrace_isTakenBack() {
    rig.writeAtRemote("key", "old", 5);
    rig.time.advance(Duration.ofSeconds(2));
    var recent = ReadOptions.defaults().maxStaleness(Duration.ofSeconds(1));

    assertThat(rig.keyspace.get("key", recent)).isNull();
    assertThat(rig.remoteValue("key")).isNull();
    assertThat(other.get("key")).isNull();
  }

  @Test
  void absence_isNotRememberedByWhoWroteMeanwhile() {
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = rig.async.get("key");
    rig.keyspace.put("key", "value");
    load.release();

    assertThat(reader).isDone();
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    assertThat(other.get("key")).isEqualTo("value");
  }
}
