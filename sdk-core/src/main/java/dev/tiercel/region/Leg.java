package dev.tiercel.region;

import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.region.RegionHealth.Verdict;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.Time;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One region's part in a {@link RoutedRead}: what it was asked for, and what it has said. What
 * changes is guarded by the read's monitor.
 */
final class Leg
    implements Tiers.Early, BiConsumer<@Nullable ReadResult, @Nullable Throwable>, Runnable {

  private final RoutedRead read;
  private final int number;
  private final Lane lane;
  private final ReadRequest request;
  private final int @Nullable [] positions;
  private final @Nullable Leg slower;
  private final boolean current;
  private final long sentNanos;

  private int left;
  private int failed;
  private int ignored;
  private int won;
  private boolean over;
  private @Nullable BitSet refused;
  private @Nullable CompletableFuture<ReadResult> sent;
  private Time.@Nullable Timer timer;

  /**
   * A leg about to be sent.
   *
   * @param number how many were sent before
   * @param asked what the caller asked for
   * @param positions which keys of that, in ascending order; null for all
   * @param slower the leg that it was sent to overtake; null if none
   */
  Leg(
      RoutedRead read,
      int number,
      Lane lane,
      ReadRequest asked,
      int @Nullable [] positions,
      @Nullable Leg slower,
      long sentNanos) {
    this.read = read;
    this.number = number;
    this.lane = lane;
    this.request = positions == null || positions.length == asked.keys().size()
        ? asked
        : asked.withKeys(keys(asked, positions));
    this.positions = positions;
    this.slower = slower;
    this.current = read.isCurrent(lane);
    this.sentNanos = sentNanos;
    this.left = request.keys().size();
  }

  private static List<String> keys(ReadRequest asked, int[] positions) {
    var keys = new ArrayList<String>(positions.length);
    for (var position : positions) {
      keys.add(asked.keys().get(position));
    }
    return keys;
  }

  int number() {
    return number;
  }

  Lane lane() {
    return lane;
  }

  ReadRequest request() {
    return request;
  }

  @Nullable
  Leg slower() {
    return slower;
  }

  long sentNanos() {
    return sentNanos;
  }

  /** Where in the caller's request its so-manieth key stands. */
  int position(int index) {
    return positions == null ? index : positions[index];
  }

  /** A key's outcome is known. */
  @Override
  public void outcome(int index, ReadOutcome outcome) {
    read.told(this, position(index), outcome);
  }

  /** The region's own future has ended. */
  @Override
  public void accept(@Nullable ReadResult result, @Nullable Throwable thrown) {
    read.ended(this, result, thrown);
  }

  /** It is slow. */
  @Override
  public void run() {
    read.slow(this);
  }

  /** The outcome as the caller shall see it. */
  ReadOutcome labelled(ReadOutcome outcome) {
    return Labels.with(outcome, this::labelled);
  }

  /** Whoever follows another region would not hear of it when this is out of date. */
  private Origin labelled(Origin origin) {
    var named = origin.region().isEmpty() ? origin.at(lane.name()) : origin;
    return current && read.isCurrent(lane) ? named : named.ofReplica();
  }

  // All that follows is called under the read's monitor.

  boolean isOver() {
    return over;
  }

  /** Whether it was asked for a key. */
  boolean asked(int position) {
    return positions == null || Arrays.binarySearch(positions, position) >= 0;
  }

  /** Whether it may still bring a key that nobody else has brought. */
  boolean isAwaited(int position) {
    return !over && asked(position) && (refused == null || !refused.get(position));
  }

  /** Whether it has said nothing yet. */
  boolean isSilent() {
    return left == request.keys().size();
  }

  /** A key has an outcome. Tells whether it was the last. */
  boolean count(int position, ReadOutcome outcome, boolean taken) {
    left--;
    won += taken ? 1 : 0;
    if (!taken) {
      refused = refused == null ? new BitSet() : refused;
      refused.set(position);
    }
    var verdict = Causes.verdict(outcome);
    failed += verdict == Verdict.FAILED ? 1 : 0;
    ignored += verdict == Verdict.IGNORED ? 1 : 0;
    over = left <= 0;
    return over;
  }

  /** It ends with what is left unsaid. */
  void end(Verdict verdictOfTheRest) {
    failed += verdictOfTheRest == Verdict.FAILED ? left : 0;
    ignored += verdictOfTheRest == Verdict.IGNORED ? left : 0;
    left = 0;
    over = true;
  }

  /** Whom it has just overtaken, with its first key; null if nobody. */
  @Nullable
  Leg beatenNow() {
    return won != 1 || slower == null || slower.over ? null : slower;
  }

  /** How many keys the caller has from it. */
  int won() {
    return won;
  }

  /** Half of the keys speak for the region. */
  Verdict verdict() {
    var keys = request.keys().size();
    if (2 * failed >= keys) {
      return Verdict.FAILED;
    }
    return 2 * (failed + ignored) >= keys ? Verdict.IGNORED : Verdict.ANSWERED;
  }

  void sent(CompletableFuture<ReadResult> future) {
    sent = future;
  }

  /** Its own future, once it has been sent. */
  @Nullable
  CompletableFuture<ReadResult> sent() {
    return sent;
  }

  void timer(Time.Timer waiting) {
    timer = waiting;
  }

  /** The timer, to be cancelled; null if there is none. */
  Time.@Nullable Timer takeTimer() {
    var waiting = timer;
    timer = null;
    return waiting;
  }
}
