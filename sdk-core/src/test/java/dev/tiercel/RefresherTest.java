package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Freshness;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.tier.RefreshPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefresherTest {

  private static final Freshness ANY = Freshness.ANY;
  private static final RefreshPolicy POLICY =
      RefreshPolicy.defaults().calls(3, 1).maxWaiting(5);

  private final FakeTime time = new FakeTime();
  private final List<List<String>> calls = new ArrayList<>();
  private final List<Freshness> asked = new ArrayList<>();
  private final List<CompletableFuture<String>> parts = new ArrayList<>();
  private boolean refuses;
  private final Refresher<String> refresher =
      new Refresher<>(POLICY, this::refresh, Runnable::run, time);

  @Test
  void offer_asksForTheKey() {
    refresher.offer("a", ANY);

    assertThat(calls).containsExactly(List.of("a"));
    assertThat(asked).containsExactly(ANY);
  }

  @Test
  void offer_ofAKeyThatIsBeingRead_doesNothing() {
    refresher.offer("a", ANY);
    refresher.offer("a", ANY);
    time.advance(Duration.ofDays(365));
    refresher.offer("a", ANY);
    endAll();

    assertThat(calls).containsExactly(List.of("a"));
  }

  @Test
  void offer_ofAKeyThatHasBeenRead_asksAnew() {
    refresher.offer("a", ANY);
    endAll();
    refresher.offer("a", ANY);

    assertThat(calls).containsExactly(List.of("a"), List.of("a"));
  }

  @Test
  void keysThatComeWhileACallIsOnItsWay_leaveTogetherWhenItReturns() {
    refresher.offer("a", ANY);
    List.of("b", "c", "d", "e").forEach(key -> refresher.offer(key, ANY));
    assertThat(calls).hasSize(1);
    endAll();
    assertThat(calls).hasSize(2);
    endAll();

    assertThat(calls).containsExactly(List.of("a"), List.of("b", "c", "d"), List.of("e"));
  }

  @Test
  void keysOfOtherFreshness_leaveByThemselves() {
    var fresher = new Freshness(0, Duration.ofSeconds(1));
    refresher.offer("a", ANY);
    refresher.offer("b", ANY);
    refresher.offer("c", fresher);
    refresher.offer("d", ANY);
    endAll();
    endAll();
    endAll();

    assertThat(calls).containsExactly(List.of("a"), List.of("b"), List.of("c"), List.of("d"));
    assertThat(asked).containsExactly(ANY, ANY, fresher, ANY);
  }

  @Test
  void keyThatFailed_isNotAskedForUntilASecondHasPassed() {
    refresher.offer("a", ANY);
    failAll();
    time.advance(Duration.ofMillis(999));
    refresher.offer("a", ANY);
    assertThat(calls).hasSize(1);

    time.advance(Duration.ofMillis(1));
    refresher.offer("a", ANY);
    assertThat(calls).hasSize(2);
  }

  @Test
  void oneKeyFails_theOthersOfItsCallAreNotHeldBack() {
    refresher.offer("a", ANY);
    refresher.offer("b", ANY);
    refresher.offer("c", ANY);
    endAll();
    parts.get(1).completeExceptionally(Rig.down());
    parts.get(2).complete("c");
    refresher.offer("b", ANY);
    refresher.offer("c", ANY);

    assertThat(calls).containsExactly(List.of("a"), List.of("b", "c"), List.of("c"));
  }

  @Test
  void keyTooMany_isLeftToItsNextReader() {
    List.of("a", "b", "c", "d", "e", "f").forEach(key -> refresher.offer(key, ANY));
    endAll();
    endAll();
    endAll();
    refresher.offer("f", ANY);

    assertThat(calls)
        .containsExactly(List.of("a"), List.of("b", "c", "d"), List.of("e"), List.of("f"));
  }

  @Test
  void keysThatFailedLongAgo_takeNoRoom() {
    List.of("a", "b", "c", "d", "e").forEach(key -> refresher.offer(key, ANY));
    failAll();
    failAll();
    failAll();
    refresher.offer("f", ANY);
    assertThat(calls).hasSize(3);

    time.advance(Duration.ofSeconds(1));
    refresher.offer("f", ANY);
    assertThat(calls).hasSize(4);
  }

  @Test
  void close_nothingMoreIsAsked() {
    refresher.offer("a", ANY);
    refresher.offer("b", ANY);
    refresher.close();
    endAll();
    refresher.offer("c", ANY);

    assertThat(calls).containsExactly(List.of("a"));
  }

  @Test
  void fullMap_isLookedThroughAtMostTenTimesASecond() {
    List.of("a", "b", "c", "d", "e").forEach(key -> refresher.offer(key, ANY));
    failAll();
    failAll();
    failAll();
    time.advance(Duration.ofMillis(950));
    refresher.offer("f", ANY);
    time.advance(Duration.ofMillis(99));
    refresher.offer("f", ANY);
    assertThat(calls).hasSize(3);

    time.advance(Duration.ofMillis(1));
    refresher.offer("f", ANY);
    assertThat(calls).hasSize(4);
  }

  @Test
  void executorThatRefusesOnce_theKeyIsAskedForAgainASecondLaterAndOthersAtOnce() {
    var refusing = new Refresher<String>(POLICY, this::refresh, this::execute, time);
    refuses = true;
    refusing.offer("a", ANY);
    refuses = false;
    refusing.offer("a", ANY);
    refusing.offer("b", ANY);
    assertThat(calls).containsExactly(List.of("b"));
    endAll();

    time.advance(Duration.ofSeconds(1));
    refusing.offer("a", ANY);
    assertThat(calls).containsExactly(List.of("b"), List.of("a"));
  }

  @Test
  void callsThatEndAtOnce_doNotNest() {
    var many = IntStream.range(0, 10_000).boxed().toList();
    var read = new ArrayList<Integer>();
    var tasks = new ArrayList<Runnable>();
    var eager = new Refresher<Integer>(
        RefreshPolicy.defaults().calls(3, 1).maxWaiting(many.size()),
        (keys, freshness) -> {
          read.addAll(keys);
          return keys.stream().map(CompletableFuture::completedFuture).toList();
        },
        tasks::add,
        time);
    var fresher = new Freshness(0, Duration.ofSeconds(1));
    many.forEach(key -> eager.offer(key, key % 2 == 0 ? ANY : fresher));
    tasks.forEach(Runnable::run);

    assertThat(read).isEqualTo(many);
  }

  private void execute(Runnable task) {
    if (refuses) {
      throw new RejectedExecutionException("busy");
    }
    task.run();
  }

  private List<CompletableFuture<String>> refresh(List<String> keys, Freshness freshness) {
    calls.add(keys);
    asked.add(freshness);
    var opened = keys.stream().map(key -> new CompletableFuture<String>()).toList();
    parts.addAll(opened);
    return opened;
  }

  /** Ends what is on its way; what leaves then is on its way in turn. */
  private void endAll() {
    List.copyOf(parts).forEach(part -> part.complete("done"));
  }

  private void failAll() {
    List.copyOf(parts).forEach(part -> part.completeExceptionally(Rig.down()));
  }
}
