package dev.tiercel.tier;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.coherence.Groups;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What stands below the local tier of a keyspace: the tiers of one region, or a router over those
 * of several. Its futures never complete exceptionally, unless they are cancelled, and end by the
 * deadline. Thread-safe.
 */
public interface Tiers extends Backend {

  /** Hears of each key of a read as soon as its outcome is known. */
  @FunctionalInterface
  interface Early {
    /** The outcome of the key at an index of the request. Called once per key that has one. */
    void outcome(int index, ReadOutcome outcome);
  }

  /**
   * A read for callers who need not wait for its slowest key.
   *
   * @param request what to read
   * @param context the deadline of the read
   * @param patience the deadline of who began it, at or before the read's: the remote tier, and
   *     waiting for somebody else's load, get a part of the time until then, so that the source can
   *     still be asked
   * @param early hears of every key's outcome before the result is complete; called by several
   *     threads
   */
  CompletableFuture<ReadResult> read(
      ReadRequest request, CallContext context, Deadline patience, Early early);

  /**
   * What one tier alone says of a key, past everything that stands between: nothing is leased,
   * filled or forgotten.
   *
   * @param tier the remote tier, or the source, which answers consistently
   * @param key the key's text
   * @param context the deadline
   */
  CompletableFuture<ReadOutcome> look(Tier tier, String key, CallContext context);

  /**
   * Reads a key of which this process has seen a version that it has not been given: consistently,
   * from whoever may have it.
   *
   * @param key the key's text
   * @param floor the version seen, 0 if only the caches are not to be believed
   * @param context the deadline
   * @return the answer that stands, whatever its version; or a failure, if somebody who may have a
   *     version at or above the floor could not be asked, or if that version lost to a smaller one
   */
  CompletableFuture<ReadOutcome> readBeyond(String key, long floor, CallContext context);

  /**
   * Whether a consistent answer of the source settles what a key's value is; not if there are
   * several sources, each of which may lag behind the others.
   */
  boolean isSettledBySource();

  /** Tells the remote tier to forget a copy, now or in its own time; no caller waits for it. */
  void tell(Mutation.Forget forget);

  /**
   * News of what was written in another region. The remote tier is told, now or in its own time,
   * and until then not believed about these keys; no caller waits for it.
   *
   * @param news puts, marks and forgets of distinct keys, at least one
   */
  void hear(List<Mutation> news);

  /** How many keys a remote tier has yet to be told about by this process. */
  int untold();

  /** What is known of the keyspace's barriers. */
  Groups groups();

  /** How long a load from the source takes on average; zero as long as nothing was loaded. */
  Duration loadTime();
}
