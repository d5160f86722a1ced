package dev.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.builtin.Backends;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.testing.BackendProbe;
import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A mark that the remote tier could not be told of is told again until it has been. */
class MarkRetellingTest {

  private static final Duration RETENTION = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final FakeTime time = new FakeTime();
  private final Remote remote = new Remote(Backends.inMemoryCache(1 << 20, time));
  private final Backend source = Backends.inMemoryStore(1 << 20, time);
  private final TieredBackend tiers = new TieredBackend(
      "marks",
      remote,
      source,
      RemotePolicy.defaults(),
      TtlPolicy.defaults(),
      new ServingListener() {},
      new Random(1),
      time);
  private final BackendProbe probe = new BackendProbe(tiers, "marks", time);
  private final BackendProbe behind = new BackendProbe(remote.behind, "marks", time);

  @AfterEach
  void close() {
    tiers.close();
  }

  @Test
  void mark_isToldToTheRemoteTierAlone() {
    behind.put("key", entry(4), Condition.ALWAYS);
    assertThat(probe.mark("key", 5, RETENTION)).isEqualTo(new WriteOutcome.Stored(5));

    assertThat(behind.absent("key").mark()).isEqualTo(5);
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void mark_thatTheRemoteTierMissed_isToldInTheBackgroundForWhatIsLeftOfIt() {
    missed("key", 5);
    time.advance(PAUSE);

    assertThat(behind.absent("key").mark()).isEqualTo(5);
    assertThat(remote.told).as("it says all that a forget would").hasSize(1);
    time.advance(RETENTION.minus(PAUSE));
    assertThat(behind.absent("key").mark()).isZero();
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void key_whoseMarkTheRemoteTierMissed_isMarkedBeforeItIsReadThere() {
    new BackendProbe(source, "marks", time).put("key", entry(4), Condition.ALWAYS);
    behind.put("key", entry(4), Condition.ALWAYS);
    missed("key", 5);

    assertThat(probe.readOne(probe.request("key")))
        .isInstanceOfSatisfying(
            ReadOutcome.Found.class,
            found -> assertThat(found.origin().behind()).isTrue());
    assertThat(behind.absent("key").mark()).isEqualTo(5);
  }

  @Test
  void forgetThatGetsThrough_doesNotStandForTheMark() {
    missed("key", 5);
    assertThat(probe.forget("key", Duration.ZERO)).isInstanceOf(WriteOutcome.Stored.class);
    assertThat(behind.absent("key").mark()).isZero();
    time.advance(PAUSE);

    assertThat(behind.absent("key").mark()).isEqualTo(5);
  }

  @Test
  void holdOffAndMark_thatTheRemoteTierMissed_areBothTold() {
    remote.isDown = true;
    probe.forget("key", RETENTION);
    probe.mark("key", 5, RETENTION);
    remote.isDown = false;
    time.advance(PAUSE);

    assertThat(behind.lease("key", RETENTION).granted()).isFalse();
    assertThat(behind.absent("key").mark()).isEqualTo(5);
  }

  @Test
  void markThatGetsThrough_doesNotStandForAForgetThatDidNot() {
    behind.put("key", entry(6), Condition.ALWAYS);
    remote.isDown = true;
    probe.forget("key", Duration.ZERO);
    remote.isDown = false;
    assertThat(probe.mark("key", 5, RETENTION)).isEqualTo(new WriteOutcome.Stored(6));
    time.advance(PAUSE);

    assertThat(behind.read("key")).isInstanceOf(ReadOutcome.Absent.class);
  }

  @Test
  void markThatGetsThrough_endsTheDoubtAboutItsVersion() {
    missed("key", 5);
    assertThat(probe.mark("key", 6, RETENTION)).isEqualTo(new WriteOutcome.Stored(6));
    remote.told.clear();
    time.advance(Duration.ofSeconds(1));

    assertThat(remote.told).isEmpty();
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void remoteTierWithoutMarks_forgetsWhatIsOlder() {
    remote.keepsMarks = false;
    behind.put("older", entry(4), Condition.ALWAYS);
    behind.put("same", entry(5), Condition.ALWAYS);
    probe.mark("older", 5, RETENTION);
    probe.mark("same", 5, RETENTION);
    missed("missed", 5);
    time.advance(PAUSE);

    assertThat(behind.read("older")).isInstanceOf(ReadOutcome.Absent.class);
    assertThat(behind.read("same")).isInstanceOf(ReadOutcome.Found.class);
    assertThat(remote.told).isNotEmpty().allMatch(Mutation.Forget.class::isInstance);
    assertThat(time.pendingTimers()).isZero();
  }

  private void missed(String key, long version) {
    remote.isDown = true;
    assertThat(probe.mark(key, version, RETENTION)).isInstanceOf(WriteOutcome.Failed.class);
    remote.isDown = false;
  }

  private static EncodedEntry entry(long version) {
    return EncodedEntry.plain(new byte[] {1}).withVersion(version);
  }

  /** A remote tier that can be down for writes, and remembers what it was told when it was not. */
  private static final class Remote extends ForwardingBackend {
    final Backend behind;
    final List<Mutation> told = new ArrayList<>();
    boolean isDown;
    boolean keepsMarks = true;

    Remote(Backend delegate) {
      super(delegate);
      this.behind = delegate;
    }

    @Override
    public Capabilities capabilities() {
      return keepsMarks
          ? super.capabilities()
          : super.capabilities().without(Set.of(Feature.MARKS));
    }

    @Override
    public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
      if (isDown) {
        var down = new Unavailable("tier: down", Where.NOWHERE, null);
        return CompletableFuture.completedFuture(
            WriteResult.failed(request.mutations().size(), down));
      }
      told.addAll(request.mutations());
      return super.write(request, context);
    }
  }
}
