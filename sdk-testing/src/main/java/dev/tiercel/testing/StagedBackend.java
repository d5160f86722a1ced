package dev.tiercel.testing;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Feed;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.ServingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend in front of another whose calls a test holds, fails, loses and counts, so that a race
 * is played out in the order the test wants rather than met by luck.
 *
 * <p>The feed of the backend behind, if it has one, can be cut, restored and held.
 *
 * <p>Thread-safe. What is staged applies to calls that arrive afterwards, until it is staged anew.
 */
public final class StagedBackend extends ForwardingBackend {

  /** Where a call is held. */
  public enum Point {
    /** Before the backend behind has been asked. */
    REQUEST,
    /** After the backend behind has answered, before the caller hears of it. */
    ANSWER
  }

  /** Calls that are being held. */
  public static final class Hold {

    private final Point point;
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final AtomicInteger cancelled = new AtomicInteger();
    private final CompletableFuture<@Nullable Void> released = new CompletableFuture<>();

    private Hold(Point point) {
      this.point = point;
    }

    /**
     * Waits until a call is being held.
     *
     * @throws AssertionError if none comes within ten seconds
     */
    public void awaitArrival() {
      try {
        if (!arrived.await(10, TimeUnit.SECONDS)) {
          throw new AssertionError("held calls: none after 10 s (expected: one)");
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError("held calls: interrupted while waiting for one", interrupted);
      }
    }

    /** Lets the held calls go, and those that arrive later. */
    public void release() {
      released.complete(null);
    }

    /** How many of the held calls have been cancelled by their callers. */
    public int cancelled() {
      return cancelled.get();
    }

    private <R> CompletableFuture<R> through(Supplier<CompletableFuture<R>> call) {
      var answer = point == Point.ANSWER ? call.get() : null;
      arrived.countDown();
      var held = released.thenCompose(go -> answer == null ? call.get() : answer);
      Completions.onEnd(held, (result, failure) -> {
        if (held.isCancelled()) {
          cancelled.incrementAndGet();
        }
      });
      return held;
    }
  }

  private final Backend behind;
  private final Optional<StagedFeed> feed;
  private final List<String> keysRead = new CopyOnWriteArrayList<>();
  private final List<Mutation> mutations = new CopyOnWriteArrayList<>();
  private volatile @Nullable Hold reads;
  private volatile @Nullable Hold writes;
  private volatile @Nullable ServingException readFailure;
  private volatile @Nullable ServingException writeFailure;

  /**
   * Stands in front of a backend and lets everything pass.
   *
   * @param delegate the backend behind
   */
  public StagedBackend(Backend delegate) {
    super(delegate);
    this.behind = delegate;
    this.feed = delegate.feed().map(StagedFeed::new);
  }

  /** The backend behind, to be asked past everything staged and without being counted. */
  public Backend behind() {
    return behind;
  }

  /** Holds reads at a point. */
  public Hold holdReads(Point point) {
    var hold = new Hold(point);
    reads = hold;
    return hold;
  }

  /**
   * Holds writes at a point. A write held at {@link Point#ANSWER} and never released has lost its
   * answer.
   */
  public Hold holdWrites(Point point) {
    var hold = new Hold(point);
    writes = hold;
    return hold;
  }

  /** Makes reads fail as a whole without asking the backend behind. */
  public void failReads(ServingException failure) {
    readFailure = failure;
  }

  /** Makes writes fail as a whole without asking the backend behind. */
  public void failWrites(ServingException failure) {
    writeFailure = failure;
  }

  /**
   * Interrupts the feed: followers hear of it at once, what was held and what changes meanwhile is
   * lost, and what is asked fails with {@link dev.tiercel.error.Unavailable}. Does nothing if it is
   * cut already.
   */
  public void cutFeed() {
    staged().cut();
  }

  /** Ends a cut: followers hear that they are connected. Does nothing if there is none. */
  public void restoreFeed() {
    staged().restore();
  }

  /**
   * Holds the feed: what changes from now on is told once it is released, and so is what is asked,
   * as it was at the time of asking; all in order. A cut ends the hold.
   */
  public void holdFeed() {
    staged().hold();
  }

  /** Ends a hold: what was held is told and answered, on this thread. */
  public void releaseFeed() {
    staged().release();
  }

  /** Every key whose head has been asked for so far, in order, as often as it was. */
  public List<String> headsRead() {
    return staged().headsRead();
  }

  private StagedFeed staged() {
    return feed.orElseThrow(
        () -> new IllegalStateException("feed: none (expected: a backend behind that has one)"));
  }

  @Override
  public Optional<Feed> feed() {
    return feed.map(Feed.class::cast);
  }

  /** Lets calls pass again; those already held stay held, and so does the feed. */
  public void pass() {
    reads = null;
    writes = null;
    readFailure = null;
    writeFailure = null;
  }

  /** Every key read so far, in order, as often as it was read. */
  public List<String> keysRead() {
    return new ArrayList<>(keysRead);
  }

  /** Every mutation sent so far, in order. */
  public List<Mutation> mutations() {
    return new ArrayList<>(mutations);
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    keysRead.addAll(request.keys());
    return staged(readFailure, reads, () -> super.read(request, context));
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    mutations.addAll(request.mutations());
    return staged(writeFailure, writes, () -> super.write(request, context));
  }

  private static <R> CompletableFuture<R> staged(
      @Nullable ServingException failure,
      @Nullable Hold hold,
      Supplier<CompletableFuture<R>> call) {
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    return hold == null ? call.get() : hold.through(call);
  }
}
