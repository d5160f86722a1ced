package dev.tiercel.region;

import dev.tiercel.backend.Completions;
import dev.tiercel.backend.DirectFuture;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.tier.Tiers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One read of keys that go different ways through the regions: one {@link RoutedRead} for each. */
final class SplitRead extends DirectFuture<ReadResult> {

  private final Reads reads;
  private final Ask ask;
  private final Tiers.Early early;

  /** Written once each, before the part ends. */
  private final @Nullable ReadOutcome[] outcomes;

  private volatile List<CompletableFuture<ReadResult>> sent = List.of();

  /**
   * The keys that go one way.
   *
   * @param positions where in the request they stand
   */
  record Part(Way way, List<Integer> positions) {}

  SplitRead(Reads reads, Ask ask, Tiers.Early early) {
    this.reads = reads;
    this.ask = ask;
    this.early = early;
    this.outcomes = new ReadOutcome[ask.request().keys().size()];
  }

  /** Reads all parts. */
  SplitRead begin(List<Part> parts, long now) {
    var left = new AtomicInteger(parts.size());
    var all = new ArrayList<CompletableFuture<ReadResult>>();
    for (var part : parts) {
      var read = read(part, now);
      all.add(read);
      Completions.onEnd(read, (result, failure) -> {
        if (result != null && left.decrementAndGet() == 0) {
          complete(new ReadResult(Arrays.asList(outcomes)));
        }
      });
    }
    sent = all;
    return this;
  }

  private CompletableFuture<ReadResult> read(Part part, long now) {
    var positions = part.positions();
    var keys = positions.stream().map(ask.request().keys()::get).toList();
    Tiers.Early whole = (index, outcome) -> {
      outcomes[positions.get(index)] = outcome;
      early.outcome(positions.get(index), outcome);
    };
    return new RoutedRead(reads, ask.of(keys), part.way(), whole).begin(now);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    var cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      sent.forEach(part -> part.cancel(mayInterruptIfRunning));
    }
    return cancelled;
  }
}
