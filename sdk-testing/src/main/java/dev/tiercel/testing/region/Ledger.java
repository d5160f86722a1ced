package dev.tiercel.testing.region;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the replicator knows of one item: what each region holds, as far as its stream has been
 * read, and which write is the last. Used by the replicator's thread only.
 */
final class Ledger {

  /** Between two places, so that there is room between them. */
  private static final long STEP = 1_000;

  private final Commit[] held;
  private final @Nullable Attempt[] attempts;
  private Commit latest;
  private int underway;

  /**
   * Begins with an item that every region holds alike, as far as is known.
   *
   * @param regions how many there are
   */
  Ledger(ItemKey key, Image image, int regions) {
    latest = Commit.unknown(key, image);
    held = new Commit[regions];
    Arrays.fill(held, latest);
    attempts = new @Nullable Attempt[regions];
  }

  Commit held(int region) {
    return held[region];
  }

  void hold(int region, Commit commit) {
    held[region] = commit;
    if (commit.beats(latest)) {
      latest = commit;
    }
  }

  @Nullable
  Attempt attempt(int region) {
    return attempts[region];
  }

  void attempt(int region, @Nullable Attempt attempt) {
    attempts[region] = attempt;
  }

  /** Counts the item's writes on their way, up or down. */
  void underway(int more) {
    underway += more;
  }

  /**
   * Puts a write in its place. It is later than what its own stream had before it, whatever the
   * clock says; and where the clock cannot tell it from the latest write of all, the larger version
   * is the later one.
   */
  Commit stamp(Change change, int region, String versionAttribute, long nowNanos) {
    var at = change.sinceNanos() + (change.untilNanos() - change.sinceNanos()) / 2;
    var order = order(change, region, versionAttribute);
    at = order > 0 ? Math.max(at, latest.at() + STEP) : at;
    at = order < 0 ? Math.min(at, latest.at() - STEP / 2) : at;
    at = Math.max(at, held[region].at() + 1);
    return new Commit(
        change.key(),
        change.after(),
        region,
        at,
        change.sinceNanos(),
        change.untilNanos(),
        nowNanos);
  }

  /** Positive if a change is later than the latest write, negative if earlier, 0 if who knows. */
  private int order(Change change, int region, String versionAttribute) {
    if (latest.origin() == region || change.sinceNanos() > latest.untilNanos()) {
      return 1;
    } else if (change.untilNanos() < latest.sinceNanos()) {
      return -1;
    }
    return compare(change.after(), latest.image(), versionAttribute);
  }

  /** Whether every region holds the latest write, and nothing of the item is on its way. */
  boolean isSettled() {
    return underway == 0
        && Arrays.stream(attempts).allMatch(Objects::isNull)
        && Arrays.stream(held).allMatch(each -> each.equals(latest));
  }

  /** Whether a region has nothing to tell that was made before the latest write. */
  boolean isOlderThan(long nanos) {
    return latest.untilNanos() < nanos;
  }

  /** The numbers of the regions with writes of which the stream has not told. */
  IntStream waiting() {
    return IntStream.range(0, attempts.length).filter(region -> attempts[region] != null);
  }

  private static int compare(Image one, Image other, String attribute) {
    BigDecimal first = one.number(attribute);
    BigDecimal second = other.number(attribute);
    return first == null || second == null ? 0 : first.compareTo(second);
  }
}
