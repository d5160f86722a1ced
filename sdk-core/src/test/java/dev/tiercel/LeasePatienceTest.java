package dev.tiercel;

import static dev.tiercel.Rig.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.StagedBackend;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.tier.RemotePolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a reader waits for somebody else's load, and what becomes of those who do not. */
class LeasePatienceTest {

  private static final Duration HALF = Rig.DEADLINE.dividedBy(2);
  private static final Duration DEAD = Duration.ofSeconds(5);
  private static final Duration LEASE = Duration.ofMillis(300);

  private final Rig rig = new Rig();
  private final AsyncKeyspace<String, String> other = rig.anotherProcess().async();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void slowSource_whoWaitsDoesSoForHalfOfItsTime() {
    rig.writeAtSource("slow", "value", 1);
    var load = rig.source.holdReads(Point.REQUEST);
    var slow = other.get("slow");
    rig.time.advance(Duration.ofMillis(200));
    load.release();
    rig.source.pass();
    assertThat(slow).isCompletedWithValue("value");

    assertWaitsForHalfOfItsTime();
  }

  @Test
  void loadsThatFailed_sayNothingOfHowLongALoadTakes() {
    rig.source.failReads(Rig.down());
    assertThat(failureOf(other.get("failing"))).isInstanceOf(Unavailable.class);
    rig.source.pass();

    assertWaitsForHalfOfItsTime();
  }

  @Test
  void nobodyCanWait_onlySoManyKeysGoPastTheirLeasesAtOnce() {
    var narrow = narrow(2, rig.remote);
    var keys = held("a", "b", "c", "d");
    rig.remote.cutFeed();
    var load = rig.source.holdReads(Point.REQUEST);
    var reading = keys.stream().map(narrow::get).toList();
    load.release();

    assertThat(reading.subList(0, 2))
        .allSatisfy(reader -> assertThat(reader).isCompletedWithValue("value"));
    assertThat(reading.subList(2, 4))
        .allSatisfy(reader -> assertThat(failureOf(reader))
            .isInstanceOf(Overloaded.class)
            .hasMessageContaining("keys past a lease held elsewhere: 2 (expected: fewer)"));
  }

  @Test
  void renewalDuringWhichTheLoadEnds_isTheLastAndGivesBackNothingTwice() {
    var load = rig.source.holdReads(Point.REQUEST);
    var narrow = narrow(1, new OnRenewal(rig.remote, load));
    rig.writeAtSource("leased", "value", 1);
    held("past");
    rig.remote.cutFeed();
    var both = narrow.getAll(List.of("leased", "past"));
    assertThat(both).isNotDone();
    rig.time.advance(LEASE.dividedBy(3));
    assertThat(both).isCompleted();
    assertThat(rig.time.pendingTimers()).isZero();

    rig.source.holdReads(Point.REQUEST);
    var next = held("next", "one too many").stream().map(narrow::get).toList();
    assertThat(next.get(0)).isNotDone();
    assertThat(failureOf(next.get(1))).isInstanceOf(Overloaded.class);
  }

  private void assertWaitsForHalfOfItsTime() {
    held("key");
    var asked = rig.source.keysRead().size();
    var waiting = other.get("key");
    rig.time.advance(HALF.minusMillis(1));
    assertThat(waiting).isNotDone();
    assertThat(rig.source.keysRead()).hasSize(asked);

    rig.time.advance(Duration.ofMillis(1));
    assertThat(waiting).isCompletedWithValue("value");
  }

  /** Keys that a loader leased who will never fill them. */
  private List<String> held(String... keys) {
    for (var key : keys) {
      rig.writeAtSource(key, "value", 1);
      rig.leaseToTheDead(key, DEAD);
    }
    return List.of(keys);
  }

  private AsyncKeyspace<String, String> narrow(int maxFallbackKeys, Backend remote) {
    var policy = RemotePolicy.defaults().maxFallbackKeys(maxFallbackKeys).lease(LEASE);
    return rig.process(spec -> spec.remote(remote, policy)).async();
  }

  /** A remote tier during whose first renewal of a lease the load under it ends. */
  private static final class OnRenewal extends ForwardingBackend {
    private final StagedBackend.Hold load;

    OnRenewal(StagedBackend behind, StagedBackend.Hold load) {
      super(behind);
      this.load = load;
    }

    @Override
    public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
      if (request.mutations().get(0) instanceof Mutation.Renew) {
        load.release();
      }
      return super.write(request, context);
    }
  }
}
