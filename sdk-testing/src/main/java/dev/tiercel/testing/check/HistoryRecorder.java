package dev.tiercel.testing.check;

import dev.tiercel.Entry;
import dev.tiercel.Keyspace;
import dev.tiercel.ReadOptions;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.ServingException;
import dev.tiercel.testing.check.Operation.Barrier;
import dev.tiercel.testing.check.Operation.Kind;
import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import dev.tiercel.time.Durations;
import dev.tiercel.time.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One process's hand on a keyspace: every call is made, timed and written to a file.
 *
 * <p>No call throws what the keyspace threw: the operation it returns says it. The recorder makes
 * up the values, a number each. The file is written out every second and when the recorder is
 * closed; a write is noted before it begins, so that one which a killed process never ended is
 * known.
 *
 * <p>Thread-safe. Closing it waits for nobody and leaves the keyspace open; what ends later is not
 * recorded.
 */
public final class HistoryRecorder implements AutoCloseable {

  /** How many writes a process may make before it runs into the numbers of the next. */
  private static final int ID_BITS = 40;

  private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(1);

  private final Keyspace<String, String> keyspace;
  private final int process;
  private final HistoryWriter writer;
  private final AtomicLong nextId;
  private final SystemTime time = new SystemTime("history-flush");

  private HistoryRecorder(Keyspace<String, String> keyspace, int process, Path file) {
    this.keyspace = keyspace;
    this.process = process;
    this.nextId = new AtomicLong((long) process << ID_BITS);
    this.writer = new HistoryWriter(file);
  }

  /**
   * Begins a history.
   *
   * @param keyspace what to call; empty, but for what other recorders of the same run write
   * @param process a number that no other recorder of the run has, 0 or more and less than 2^23
   * @param file where to write it; must not exist
   * @throws java.io.UncheckedIOException if the file cannot be made
   */
  public static HistoryRecorder open(Keyspace<String, String> keyspace, int process, Path file) {
    if (process < 0 || process >= 1 << (Long.SIZE - 1 - ID_BITS)) {
      throw new IllegalArgumentException("process: " + process + " (expected: 0 to 2^23 - 1)");
    }
    var recorder = new HistoryRecorder(keyspace, process, file);
    recorder.flushLater();
    return recorder;
  }

  /** Reads a key. */
  public Read read(String key) {
    return read(key, ReadOptions.defaults());
  }

  /** Reads a key with options. */
  public Read read(String key, ReadOptions options) {
    var start = time.nanos();
    var answer = answer(() -> keyspace.getEntry(key, options));
    return record(key, start, time.nanos(), answer, options);
  }

  /**
   * Reads keys in one batch.
   *
   * @param keys the keys, distinct
   * @param options as of a read of one
   * @return a read for each key, in their order
   */
  public List<Read> readAll(Collection<String> keys, ReadOptions options) {
    var start = time.nanos();
    var answers = new ArrayList<Answer>();
    try {
      var batch = keyspace.getAll(keys, options);
      keys.forEach(key -> answers.add(answer(() -> {
        var entry = batch.found().get(key);
        batch.get(key);
        return entry;
      })));
    } catch (RuntimeException | Error failure) {
      keys.forEach(key -> answers.add(new Answer.Failed(name(failure))));
    }
    var end = time.nanos();
    var next = answers.iterator();
    return keys.stream()
        .map(key -> record(key, start, end, next.next(), options))
        .toList();
  }

  /** Writes a new value. */
  public Write put(String key) {
    return put(key, value -> keyspace.put(key, value));
  }

  /**
   * Writes a new value in another way than by {@link Keyspace#put}: under a condition, say.
   *
   * @param key the key
   * @param call from the value to write to the version it was given; writes it to {@code key} of
   *     the recorder's keyspace or throws what that threw
   */
  public Write put(String key, ToLongFunction<String> call) {
    var id = nextId.getAndIncrement();
    return write(key, Kind.PUT, id, () -> call.applyAsLong(Long.toString(id)));
  }

  /** Deletes a key. */
  public Write remove(String key) {
    return write(key, Kind.REMOVE, nextId.getAndIncrement(), () -> keyspace.remove(key));
  }

  /** Expires a key. */
  public Barrier expire(String key) {
    return invalidate(new Scope.Key(key), () -> keyspace.expire(key));
  }

  /**
   * Invalidates many keys.
   *
   * @param scope which
   * @param call invalidates them, or throws what the keyspace threw
   */
  public Barrier invalidate(Scope scope, Runnable call) {
    var start = time.nanos();
    var outcome = outcome(() -> {
      call.run();
      return 0;
    });
    var barrier = new Barrier(process, scope, start, time.nanos(), outcome);
    writer.append(barrier);
    return barrier;
  }

  /** Writes out what was recorded and ends the recording. */
  @Override
  public void close() {
    time.close();
    writer.close();
  }

  private void flushLater() {
    time.schedule(FLUSH_INTERVAL, () -> {
      writer.flush();
      flushLater();
    });
  }

  private Read record(String key, long start, long end, Answer answer, ReadOptions options) {
    var bound = options.maxStaleness();
    var nanos = bound == null ? Read.KEYSPACE_BOUND : Durations.nanos(bound);
    var read = new Read(process, key, start, end, answer, options.atLeast(), nanos);
    writer.append(read);
    return read;
  }

  private Write write(String key, Kind kind, long id, LongSupplier call) {
    var start = time.nanos();
    var unfinished = new Outcome.Unknown(Outcome.Unknown.UNFINISHED);
    writer.intend(new Write(process, key, kind, id, start, Long.MAX_VALUE, unfinished));
    var outcome = outcome(call);
    var write = new Write(process, key, kind, id, start, time.nanos(), outcome);
    writer.append(write);
    return write;
  }

  private static Answer answer(Supplier<@Nullable Entry<String>> call) {
    try {
      var entry = call.get();
      return entry == null ? new Answer.Absent() : value(entry);
    } catch (RuntimeException | Error failure) {
      return new Answer.Failed(name(failure));
    }
  }

  private static Answer.Value value(Entry<String> entry) {
    return new Answer.Value(
        id(entry.value()),
        entry.version(),
        entry.tier(),
        entry.age().toNanos(),
        entry.staleness().name());
  }

  private static long id(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException foreign) {
      return Answer.Value.NOBODY;
    }
  }

  /** All but the unknown is certain not to have been done; of an untyped failure nothing is. */
  private static Outcome outcome(LongSupplier call) {
    try {
      return new Outcome.Acknowledged(call.getAsLong());
    } catch (OutcomeUnknown unknown) {
      return new Outcome.Unknown(name(unknown));
    } catch (ServingException refused) {
      return new Outcome.Refused(name(refused));
    } catch (RuntimeException | Error failure) {
      return new Outcome.Unknown(name(failure));
    }
  }

  private static String name(Throwable failure) {
    return failure instanceof ServingException
        ? failure.getClass().getSimpleName()
        : failure.getClass().getName();
  }
}
