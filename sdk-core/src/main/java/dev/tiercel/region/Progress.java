package dev.tiercel.region;

import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** How far a read has come: who was asked for what, and what each key has. Not thread-safe. */
final class Progress {

  private final ReadRequest request;
  private final LongPredicate areAllWhoCount;
  private final Board board;
  private final List<Leg> legs = new ArrayList<>(2);
  private boolean over;

  /**
   * Nobody has been asked yet.
   *
   * @param areAllWhoCount whether it is enough that these regions, one bit for each, know nothing
   *     of a key, for it not to exist
   */
  Progress(ReadRequest request, LongPredicate areAllWhoCount) {
    this.request = request;
    this.areAllWhoCount = areAllWhoCount;
    this.board = new Board(request.keys().size());
  }

  Board board() {
    return board;
  }

  /** Whether nothing is taken any more. */
  boolean isOver() {
    return over;
  }

  /** Takes nothing more. Tells whose answers nobody needs any more. */
  List<Leg> end() {
    over = true;
    return legs.stream().filter(leg -> !leg.isOver()).toList();
  }

  /** How many have been asked, or are about to be. */
  int legs() {
    return legs.size();
  }

  /** A leg is about to be sent. */
  void add(Leg leg) {
    legs.add(leg);
  }

  /** Whether a region has been asked for anything. */
  boolean hasAsked(Lane lane) {
    for (var leg : legs) {
      if (leg.lane() == lane) {
        return true;
      }
    }
    return false;
  }

  private boolean hasAsked(Lane lane, int position) {
    for (var leg : legs) {
      if (leg.lane() == lane && leg.asked(position)) {
        return true;
      }
    }
    return false;
  }

  /** Who was last asked for a key. */
  Leg lastAsked(int position) {
    for (var number = legs.size() - 1; number > 0; number--) {
      if (legs.get(number).asked(position)) {
        return legs.get(number);
      }
    }
    return legs.get(0);
  }

  /**
   * The outcome that a leg's settles a key with, as its reader shall see it; null if it settles
   * none, and what is to be known of that is kept.
   */
  @Nullable
  ReadOutcome take(Leg leg, int position, ReadOutcome outcome) {
    if (over || !board.isOpen(position)) {
      return null;
    }
    if (outcome instanceof ReadOutcome.Failed failed) {
      miss(leg, position, failed);
      return null;
    }
    var labelled = leg.labelled(outcome);
    if (isBehind(leg, outcome) && !isNowhere(leg, position, outcome)) {
      board.behind(position, tooOld(leg, outcome), labelled);
      return null;
    }
    board.settle(position, labelled);
    return labelled;
  }

  private void miss(Leg leg, int position, ReadOutcome.Failed failed) {
    var older = failed.older();
    if (older == null) {
      board.failed(position, failed.cause());
    } else {
      board.behind(position, failed.cause(), leg.labelled(older));
    }
  }

  private boolean isBehind(Leg leg, ReadOutcome outcome) {
    return leg.lane().isVersioned() && outcome.version() < request.freshness().atLeast();
  }

  private boolean isNowhere(Leg leg, int position, ReadOutcome outcome) {
    return outcome instanceof ReadOutcome.Absent
        && outcome.version() == 0
        && areAllWhoCount.test(board.traceless(position, leg.lane().index()));
  }

  private ServingException tooOld(Leg leg, ReadOutcome outcome) {
    var what = "version: " + outcome.version() + " (expected: at least "
        + request.freshness().atLeast() + ")";
    return new Unavailable(what, leg.lane().where(), null);
  }

  /** A leg brings nothing more. */
  void fail(Leg leg, ServingException cause) {
    for (var position = 0; !over && position < board.keys(); position++) {
      if (leg.isAwaited(position) && board.isOpen(position)) {
        board.failed(position, cause);
      }
    }
  }

  /** Whether a key has failed, and nobody who was asked can bring it any more. */
  boolean isStuck(int position) {
    return !over && board.hasMissed(position) && !isAwaited(position);
  }

  private boolean isAwaited(int position) {
    for (var leg : legs) {
      if (leg.isAwaited(position)) {
        return true;
      }
    }
    return false;
  }

  /** All keys that are. */
  BitSet stuck() {
    var stuck = new BitSet();
    for (var position = 0; !board.isFlawless() && position < board.keys(); position++) {
      if (isStuck(position)) {
        stuck.set(position);
      }
    }
    return stuck;
  }

  /** The keys of some that a region has not been asked for, and may do better with. */
  BitSet onwardTo(Lane lane, BitSet stuck) {
    var onward = new BitSet();
    stuck.stream()
        .filter(position -> board.mayBeBetterElsewhere(position) && !hasAsked(lane, position))
        .forEach(onward::set);
    return onward;
  }

  /** The keys that a leg may still bring, and a region has not been asked for. */
  BitSet besideOf(Leg slow, Lane lane) {
    var beside = new BitSet();
    for (var position = 0; position < board.keys(); position++) {
      if (board.isOpen(position) && slow.isAwaited(position) && !hasAsked(lane, position)) {
        beside.set(position);
      }
    }
    return beside;
  }

  /** How many of some keys cost something to ask for again. */
  int cost(BitSet positions) {
    return (int) positions.stream().filter(board::costs).count();
  }

  /** Those of some keys that cost nothing. */
  BitSet free(BitSet positions) {
    var free = new BitSet();
    positions.stream().filter(position -> !board.costs(position)).forEach(free::set);
    return free;
  }

  /** How many of some keys the last region was only behind with. */
  int behind(BitSet positions) {
    return (int) positions.stream().filter(board::isBehind).count();
  }
}
