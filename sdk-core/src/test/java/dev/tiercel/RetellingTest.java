package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Tier;
import dev.tiercel.testing.StagedBackend.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the remote tier could not be told is told again until it has been. */
class RetellingTest {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(25);

  private final Rig rig = new Rig();
  private final Keyspace<String, String> other = rig.anotherProcess();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void putThatTheRemoteTierMissed_isToldInTheBackgroundAndOthersSeeIt() {
    putUntold("key");
    rig.remote.pass();
    assertThat(other.get("key")).isEqualTo("old");
    rig.time.advance(FIRST_PAUSE);

    assertThat(other.get("key")).isEqualTo("new");
    assertThat(rig.remoteValue("key")).isEqualTo("new");
  }

  @Test
  void removeThatTheRemoteTierMissed_isToldToo() {
    loadEverywhere("key");
    rig.remote.failWrites(Rig.down());
    rig.keyspace.remove("key");
    rig.remote.pass();
    rig.time.advance(FIRST_PAUSE);

    assertThat(other.get("key")).isNull();
  }

  @Test
  void expireThatTheRemoteTierMissed_isToldToo() {
    loadEverywhere("key");
    rig.remote.failWrites(Rig.down());
    assertThat(rig.async.expire("key")).isCompletedExceptionally();
    rig.writeAtSource("key", "new", 2);
    rig.remote.pass();
    rig.time.advance(FIRST_PAUSE);

    assertThat(other.get("key")).isEqualTo("new");
  }

  @Test
  void putWhoseAnswerIsLost_isToldAgainAndItsCopyStays() {
    loadEverywhere("key");
    rig.remote.holdWrites(Point.ANSWER);
    var put = rig.async.put("key", "new");
    rig.remote.pass();
    rig.time.advance(Duration.ofMillis(100));

    assertThat(put).isCompleted();
    assertThat(forgets()).isPositive();
    assertThat(rig.remoteValue("key")).isEqualTo("new");
  }

  @Test
  void remoteTierStaysDown_isToldWithGrowingPausesUpToASecond() {
    putUntold("key");
    var pauses = new ArrayList<Long>();
    var before = forgets();
    var last = 0L;
    for (var millis = 1L; millis <= 5_000; millis++) {
      rig.time.advance(Duration.ofMillis(1));
      if (forgets() > before) {
        pauses.add(millis - last);
        last = millis;
        before = forgets();
      }
    }

    // Each in the second half of its pause, at its beginning here.
    assertThat(pauses.subList(0, 7)).isEqualTo(List.of(25L, 50L, 100L, 200L, 400L, 500L, 500L));
  }

  @Test
  void pauses_areSpreadByChance() {
    rig.chance.at(0.999);
    putUntold("key");
    rig.time.advance(Duration.ofMillis(49));
    assertThat(forgets()).isZero();

    rig.time.advance(Duration.ofMillis(1));
    assertThat(forgets()).isEqualTo(1);
  }

  @Test
  void toldOnce_thereIsNothingMoreToTell() {
    putUntold("key");
    rig.remote.pass();
    rig.time.advance(FIRST_PAUSE);
    var told = forgets();
    rig.time.advance(Duration.ofSeconds(10));

    assertThat(forgets()).isEqualTo(told);
    assertThat(rig.time.pendingTimers()).isZero();
  }

  @Test
  void failedAgainLater_isToldAgain() {
    putUntold("key");
    rig.remote.pass();
    rig.time.advance(Duration.ofSeconds(1));
    assertThat(other.get("key")).isEqualTo("new");
    rig.remote.failWrites(Rig.down());
    rig.keyspace.put("key", "newer");
    rig.remote.pass();
    rig.time.advance(FIRST_PAUSE);

    assertThat(other.get("key")).isEqualTo("newer");
  }

  @Test
  void untoldKey_isNotReadInTheRemoteTierBeforeItHasBeenTold() {
    putUntold("key");
    rig.time.advance(Duration.ofMinutes(1));

    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("new");
      assertThat(entry.tier()).isEqualTo(Tier.SOURCE);
    });
  }

  @Test
  void manyUntoldKeys_areAllTold() {
    var keys = new ArrayList<String>();
    for (var index = 0; index < 250; index++) {
      keys.add("k" + index);
      rig.writeAtSource("k" + index, "old", 1);
    }
    assertThat(other.getAll(keys).values()).hasSize(250);
    rig.remote.failWrites(Rig.down());
    keys.forEach(key -> rig.keyspace.put(key, "new"));
    rig.remote.pass();
    rig.time.advance(Duration.ofMillis(200));

    assertThat(other.getAll(keys).values().values()).containsOnly("new");
  }

  @Test
  void closed_nothingMoreIsTold() {
    putUntold("key");
    rig.remote.pass();
    var told = forgets();
    rig.close();
    rig.time.advance(Duration.ofSeconds(10));

    assertThat(forgets()).isEqualTo(told);
    assertThat(rig.time.pendingTimers()).isZero();
  }

  private void loadEverywhere(String key) {
    rig.writeAtSource(key, "old", 1);
    assertThat(other.get(key)).isEqualTo("old");
    assertThat(rig.keyspace.get(key)).isEqualTo("old");
  }

  private void putUntold(String key) {
    loadEverywhere(key);
    rig.remote.failWrites(Rig.down());
    rig.keyspace.put(key, "new");
  }

  private long forgets() {
    return rig.remote.mutations().stream()
        .filter(Mutation.Forget.class::isInstance)
        .count();
  }
}
