package dev.tiercel.testing;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.ServingException;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls a backend as the pipeline does, from a test, and waits for the answer.
 *
 * <p>A call that throws, that fails with anything but a {@link ServingException}, that does not
 * end, or that answers with another number of outcomes than it was asked for is an
 * {@link AssertionError}. A call that fails as a whole with a {@link ServingException} is one
 * {@code Failed} per key, which is what the pipeline makes of it. Thread-safe.
 */
public final class BackendProbe {

  /** Far longer than any answer takes: it ends a test that would hang. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Backend backend;
  private final String keyspace;
  private final Time time;

  /**
   * Calls a backend in one keyspace.
   *
   * @param backend the backend to call
   * @param keyspace the keyspace's name
   * @param time the clock that deadlines are measured with
   */
  public BackendProbe(Backend backend, String keyspace, Time time) {
    this.backend = backend;
    this.keyspace = keyspace;
    this.time = time;
  }

  /** The backend called. */
  public Backend backend() {
    return backend;
  }

  /** The keyspace's name. */
  public String keyspace() {
    return keyspace;
  }

  /** The same backend in another keyspace. */
  public BackendProbe in(String otherKeyspace) {
    return new BackendProbe(backend, otherKeyspace, time);
  }

  /** Whether the backend declares a feature. */
  public boolean can(Feature feature) {
    return backend.capabilities().has(feature);
  }

  /** Reads one key, consistently where the backend can. */
  public ReadOutcome read(String key) {
    return readAll(List.of(key)).get(0);
  }

  /** Reads keys, consistently where the backend can. */
  public List<ReadOutcome> readAll(List<String> keys) {
    var freshness = can(Feature.CONSISTENT_READS) ? Freshness.CONSISTENT : Freshness.ANY;
    return read(ReadRequest.of(keyspace, keys).withFreshness(freshness));
  }

  /** Reads as asked: one outcome per key. */
  public List<ReadOutcome> read(ReadRequest request) {
    return sendRead(request).get();
  }

  /** Sends a read now; its outcomes are waited for when they are asked for. */
  public Supplier<List<ReadOutcome>> sendRead(ReadRequest request) {
    var answer = backend.read(request, context());
    return () ->
        outcomes(answer, request.keys().size(), ReadResult::outcomes, ReadOutcome.Failed::new);
  }

  /** Reads one key as asked. */
  public ReadOutcome readOne(ReadRequest request) {
    return read(request).get(0);
  }

  /** A read of one key of this keyspace, of any age and without a lease, to be refined. */
  public ReadRequest request(String key) {
    return ReadRequest.of(keyspace, List.of(key));
  }

  /** Reads one key that must have a value. */
  public EncodedEntry found(String key) {
    var outcome = read(key);
    if (outcome instanceof ReadOutcome.Found found) {
      return found.entry();
    }
    throw new AssertionError("read: " + outcome + " (expected: Found)");
  }

  /** Reads one key that must have no value. */
  public ReadOutcome.Absent absent(String key) {
    return asAbsent(read(key));
  }

  /** Reads one key that must have no value, asking for a lease on it. */
  public Lease lease(String key, Duration length) {
    return lease(request(key).withLease(length));
  }

  /** Reads as asked one key that must have no value, or none that will do. */
  public Lease lease(ReadRequest request) {
    return asAbsent(readOne(request)).lease();
  }

  /** The barriers that a backend tells a reader who knows of these. */
  public Barriers barriers(Barriers known) {
    var answer = backend.read(request("any").withBarriers(known), context());
    return whole(answer, ReadResult::barriers, failure -> {
      throw new AssertionError("read: failed (expected: barriers)", failure);
    });
  }

  /** Puts a value or a tombstone. */
  public WriteOutcome put(String key, EncodedEntry entry, Condition condition) {
    return write(new Mutation.Put(key, entry, condition));
  }

  /** Fills a key under a lease. */
  public WriteOutcome fill(String key, EncodedEntry entry, long token) {
    return write(new Mutation.Fill(key, entry, new Condition.IfLease(token)));
  }

  /** Makes a lease last longer. */
  public WriteOutcome renew(String key, long token, Duration length) {
    return write(new Mutation.Renew(key, new Condition.IfLease(token), length));
  }

  /** Gives a lease back. */
  public WriteOutcome release(String key, long token) {
    return write(new Mutation.Release(key, new Condition.IfLease(token)));
  }

  /** Raises the barrier of a group, which must be done, and tells it. */
  public long barrier(String group) {
    var outcome = write(new Mutation.Barrier(group));
    if (outcome instanceof WriteOutcome.Stored stored) {
      return stored.version();
    }
    throw new AssertionError("barrier: " + outcome + " (expected: Stored)");
  }

  /** Follows the keyspace on the backend's feed, which must be there, and waits for its word. */
  public FeedProbe follow() {
    var feed = backend.feed();
    if (feed.isEmpty()) {
      throw new AssertionError("feed: none (expected: one)");
    }
    var probe = FeedProbe.follow(feed.get(), keyspace, time);
    probe.awaitConnected();
    return probe;
  }

  /** Makes the backend forget a key. */
  public WriteOutcome forget(String key, Duration holdOff) {
    return write(new Mutation.Forget(key, holdOff));
  }

  /** Tells the backend of a version that exists elsewhere. */
  public WriteOutcome mark(String key, long version, Duration retention) {
    return write(new Mutation.Mark(key, version, retention));
  }

  /** Applies one mutation. */
  public WriteOutcome write(Mutation mutation) {
    return writeAll(List.of(mutation)).get(0);
  }

  /** Applies mutations: one outcome each. */
  public List<WriteOutcome> writeAll(List<Mutation> mutations) {
    return sendWrite(mutations).get();
  }

  /** Sends a write now; its outcomes are waited for when they are asked for. */
  public Supplier<List<WriteOutcome>> sendWrite(List<Mutation> mutations) {
    var answer = backend.write(new WriteRequest(keyspace, mutations), context());
    return () ->
        outcomes(answer, mutations.size(), WriteResult::outcomes, WriteOutcome.Failed::new);
  }

  private CallContext context() {
    return CallContext.of(Deadline.after(LIMIT, time));
  }

  private static ReadOutcome.Absent asAbsent(ReadOutcome outcome) {
    if (outcome instanceof ReadOutcome.Absent absent) {
      return absent;
    }
    throw new AssertionError("read: " + outcome + " (expected: Absent)");
  }

  private static <R, O> List<O> outcomes(
      CompletableFuture<R> answer,
      int expected,
      Function<R, List<O>> outcomes,
      Function<ServingException, O> failed) {
    var answered =
        whole(answer, outcomes, failure -> Collections.nCopies(expected, failed.apply(failure)));
    if (answered.size() != expected) {
      throw new AssertionError("outcomes: " + answered.size() + " (expected: " + expected + ")");
    }
    return answered;
  }

  /** Waits for a future as the pipeline would, which takes only typed failures. */
  static <R, T> T whole(
      CompletableFuture<R> answer, Function<R, T> result, Function<ServingException, T> failed) {
    try {
      return result.apply(answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof ServingException typed) {
        return failed.apply(typed);
      }
      throw new AssertionError(
          "call: failed with " + failure.getCause() + " (expected: a ServingException)", failure);
    } catch (TimeoutException hanging) {
      throw new AssertionError(
          "call: no answer after " + LIMIT + " (expected: one by its deadline)", hanging);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("call: interrupted while waiting for its answer", interrupted);
    }
  }
}
