package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Tier;
import dev.tiercel.error.Unavailable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process that has seen a version of a key never goes back from it, whatever a tier holds. */
class MonotonicReadTest {

  private final Rig rig = new Rig();
  private final Keyspace<String, String> other = rig.anotherProcess();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void remoteCopyOlderThanSeen_theSourceAnswersAndTheCopyGoes() {
    var version = rig.keyspace.put("key", "new");
    rig.writeAtRemote("key", "old", version - 1);

    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("new");
      assertThat(entry.tier()).isEqualTo(Tier.SOURCE);
    });
    assertThat(rig.remoteValue("key")).isNull();
    assertThat(other.get("key")).isEqualTo("new");
    assertThat(rig.remoteValue("key")).isEqualTo("new");
  }

  @Test
  void remoteCopyOlderThanARemovalSeen_isNotTaken() {
    rig.keyspace.put("key", "value");
    var version = rig.keyspace.remove("key");
    rig.writeAtRemote("key", "old", version - 1);

    assertThat(rig.keyspace.get("key")).isNull();
    assertThat(rig.remoteValue("key")).isNull();
  }

  @Test
  void remoteCopyOfTheVersionSeen_isTaken() {
    var version = rig.keyspace.put("key", "value");
    rig.writeAtRemote("key", "value", version);

    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    assertThat(rig.source.keysRead()).isEmpty();
  }

  @Test
  void remoteCopyOlderThanSeenAndTheSourceFails_isAFailureAndNotAStepBack() {
    var version = rig.keyspace.put("key", "new");
    rig.writeAtRemote("key", "old", version - 1);
    rig.source.failReads(Rig.down());

    assertThat(Rig.failureOf(rig.async.get("key"))).isInstanceOf(Unavailable.class);
  }

  @Test
  void whoHasSeenNothing_isGivenWhatTheRemoteTierHolds() {
    var version = rig.keyspace.put("key", "new");
    rig.writeAtRemote("key", "old", version - 1);

    assertThat(other.get("key")).isEqualTo("old");
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
    assertThat(other.get("key")).isEqualTo("new");
  }
}
