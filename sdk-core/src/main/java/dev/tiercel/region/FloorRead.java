package dev.tiercel.region;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.region.Choice.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A read of one key of which this process has seen a version that the region asked first does not
 * have: asked of every region's source at once, for whichever has it.
 *
 * <p>If none has it although all have answered, it depends on who writes. Where one region does,
 * its source was set back, and the newest answer stands. Where several do, the version lost to a
 * smaller one that was written elsewhere and arrived later, which is no reason for anybody to go
 * back. Then, and if one could not be asked, which may be the one, the newest answer is served only
 * if the keyspace allows it, labelled.
 */
final class FloorRead {

  private final String key;
  private final long floor;
  private final Choice choice;
  private final List<Candidate> regions;
  private final boolean servesBehind;
  private final boolean oneWriter;
  private final CompletableFuture<ReadOutcome> answer = new CompletableFuture<>();
  private final AtomicReferenceArray<@Nullable ReadOutcome> outcomes;
  private final AtomicInteger left;

  /**
   * Prepares the read.
   *
   * @param key the key's text
   * @param floor the version seen
   * @param choice the regions
   * @param servesBehind whether an answer below the floor is better than none
   * @param oneWriter whether one region takes all writes
   */
  FloorRead(String key, long floor, Choice choice, boolean servesBehind, boolean oneWriter) {
    this.key = key;
    this.floor = floor;
    this.choice = choice;
    this.regions = choice.all();
    this.servesBehind = servesBehind;
    this.oneWriter = oneWriter;
    this.outcomes = new AtomicReferenceArray<>(regions.size());
    this.left = new AtomicInteger(regions.size());
  }

  CompletableFuture<ReadOutcome> run(CallContext context) {
    for (var index = 0; index < regions.size(); index++) {
      var place = index;
      var asked = regions.get(index).region().tiers().readBeyond(key, floor, context);
      Completions.passCancel(answer, asked);
      Completions.onEnd(answer, (outcome, failure) -> asked.cancel(true));
      Completions.onEnd(asked, (outcome, failure) -> ended(place, outcome, failure));
    }
    return answer;
  }

  private void ended(int place, @Nullable ReadOutcome outcome, @Nullable Throwable failure) {
    var told = outcome == null
        ? new ReadOutcome.Failed(typed(place, failure))
        : Labels.with(outcome, origin -> labelled(place, origin));
    outcomes.set(place, told);
    if (version(told) >= floor) {
      answer.complete(told);
    }
    if (left.decrementAndGet() == 0 && !answer.isDone()) {
      answer.complete(decided());
    }
  }

  private ReadOutcome decided() {
    var failures = new ArrayList<ServingException>();
    ReadOutcome newest = null;
    for (var index = 0; index < outcomes.length(); index++) {
      var outcome = outcomes.get(index);
      if (outcome instanceof ReadOutcome.Failed failed) {
        failures.add(failed.cause());
      } else if (outcome != null && (newest == null || version(outcome) > version(newest))) {
        newest = outcome;
      }
    }
    var stands = failures.isEmpty() && oneWriter;
    if (newest == null || !(stands || servesBehind)) {
      return new ReadOutcome.Failed(failure(newest, failures));
    }
    return stands ? newest : Labels.with(newest, Origin::ofBehind);
  }

  private ServingException failure(@Nullable ReadOutcome newest, List<ServingException> failures) {
    if (newest == null) {
      var first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      return first;
    }
    var nearest = regions.get(0).region();
    var behind = new Unavailable(
        "version: " + version(newest) + " in the regions that answered (expected: at least " + floor
            + ", which this process has seen)",
        Where.at(nearest.tiers().name(), nearest.name()),
        failures.isEmpty() ? null : failures.get(0));
    failures.stream().skip(1).forEach(behind::addSuppressed);
    return behind;
  }

  /** Whoever follows another region would not hear of it when this is out of date. */
  private Origin labelled(int place, Origin origin) {
    var asked = regions.get(place);
    var named = origin.region().isEmpty() ? origin.at(asked.region().name()) : origin;
    return asked.equals(choice.current()) ? named : named.ofReplica();
  }

  /** The version an outcome tells; -1 if it tells nothing. */
  private static long version(ReadOutcome outcome) {
    if (outcome instanceof ReadOutcome.Found found) {
      return found.entry().version();
    }
    return outcome instanceof ReadOutcome.Absent absent ? absent.version() : -1;
  }

  private ServingException typed(int place, @Nullable Throwable failure) {
    var region = regions.get(place).region();
    return Completions.typed(
        failure,
        (name, cause) -> new Unavailable(
            "region: failed with " + name, Where.at(region.tiers().name(), region.name()), cause));
  }
}
