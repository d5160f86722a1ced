package dev.tiercel.samples.benchmarks.sim;

import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Occupancy;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a modelled server, given when its time comes. A server does not notice that nobody
 * waits any more: a cancelled read occupies it until it would have been answered.
 */
final class Reply extends CompletableFuture<ReadResult> implements Runnable {

  private static final ReadResult FOUND = new ReadResult(
      List.of(new ReadOutcome.Found(EncodedEntry.plain(new byte[Long.BYTES]), Origin.source(""))));

  private final Occupancy occupancy;
  private @Nullable CompletableFuture<Void> gone;

  Reply(Occupancy occupancy) {
    this.occupancy = occupancy;
  }

  /** Its time has come. */
  @Override
  public void run() {
    complete(FOUND);
    if (gone != null) {
      gone.complete(null);
    }
  }

  @Override
  public boolean cancel(boolean interrupt) {
    if (!isDone() && gone == null) {
      gone = new CompletableFuture<>();
      occupancy.until(gone);
    }
    return super.cancel(interrupt);
  }
}
