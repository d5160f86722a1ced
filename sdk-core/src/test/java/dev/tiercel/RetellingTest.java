package dev.tiercel;

import static dev.tiercel.Rig.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.tier.RemotePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
  void manyUntoldKeys_areToldInBatchesWithNoPauseInBetween() {
    var keys = IntStream.range(0, 2_500).mapToObj(i -> "k" + i).toList();
    keys.forEach(key -> rig.writeAtSource(key, "old", 1));
    assertThat(other.getAll(keys).values()).hasSize(2_500);
    rig.remote.failWrites(Rig.down());
    keys.forEach(key -> rig.keyspace.put(key, "new"));
    rig.remote.pass();
    var first = rig.remote.holdWrites(Point.REQUEST);
    rig.time.advance(FIRST_PAUSE);
    assertThat(forgets()).isEqualTo(1_000);
    first.release();
    rig.time.advance(Duration.ZERO);

    assertThat(forgets()).isEqualTo(2_500);
    assertThat(rig.time.pendingTimers()).isZero();
    assertThat(other.getAll(keys).values().values()).containsOnly("new");
  }

  @Test
  void keyThatCanNeverBeTold_isToldAgainByItself() {
    putUntoldInFrontOf(Set.of("bad"), List.of("a", "bad", "c", "d"));
    rig.time.advance(Duration.ofSeconds(10));

    assertThat(forgets("bad")).isGreaterThan(3);
    assertThat(List.of("a", "c", "d"))
        .allSatisfy(key -> assertThat(forgets(key)).isEqualTo(1));
  }

  @Test
  void manyKeysThatCanNeverBeTold_doNotStandInTheWayOfOthers() {
    var bad = IntStream.range(0, 1_500).mapToObj(i -> "bad" + i).toList();
    var good = IntStream.range(0, 100).mapToObj(i -> "good" + i).toList();
    putUntoldInFrontOf(
        Set.copyOf(bad), Stream.concat(bad.stream(), good.stream()).toList());
    rig.time.advance(Duration.ofSeconds(3));

    assertThat(good).allSatisfy(key -> assertThat(forgets(key)).isEqualTo(1));
  }

  @Test
  void forgetAfterAHoldOffThatDidNotGetThrough_holdsTheKeyOffToo() {
    rig.writeAtSource("key", "old", 1);
    rig.source.holdWrites(Point.REQUEST);
    rig.remote.failWrites(Rig.down());
    var put = rig.async.put("key", "new");
    rig.time.advance(Rig.DEADLINE);
    assertThat(failureOf(put)).isInstanceOf(OutcomeUnknown.class);
    rig.remote.pass();
    rig.source.pass();
    rig.keyspace.expire("key");

    assertThat(other.get("key")).isEqualTo("old");
    assertThat(rig.remoteValue("key")).isNull();
    rig.time.advance(RemotePolicy.defaults().holdOff());
    assertThat(rig.anotherProcess().get("key")).isEqualTo("old");
    assertThat(rig.remoteValue("key")).isEqualTo("old");
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

  /** Puts that a remote tier does not hear of; of some keys it will never hear a thing. */
  private void putUntoldInFrontOf(Set<String> bad, List<String> keys) {
    var process = rig.process(spec -> spec.remote(new Deaf(rig.remote, bad)));
    rig.remote.failWrites(Rig.down());
    keys.forEach(key -> process.put(key, "new"));
    rig.remote.pass();
  }

  private long forgets(String key) {
    return rig.remote.mutations().stream()
        .filter(each -> each instanceof Mutation.Forget && each.key().equals(key))
        .count();
  }

  private long forgets() {
    return rig.remote.mutations().stream()
        .filter(Mutation.Forget.class::isInstance)
        .count();
  }

  /** A remote tier that fails every write of some keys, after it has been counted. */
  private static final class Deaf extends ForwardingBackend {
    private final Set<String> bad;

    Deaf(Backend behind, Set<String> bad) {
      super(behind);
      this.bad = bad;
    }

    @Override
    public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
      return super.write(request, context)
          .thenApply(result ->
              new WriteResult(IntStream.range(0, result.outcomes().size())
                  .mapToObj(index -> bad.contains(request.mutations().get(index).key())
                      ? new WriteOutcome.Failed(Rig.down())
                      : result.outcomes().get(index))
                  .toList()));
    }
  }
}
