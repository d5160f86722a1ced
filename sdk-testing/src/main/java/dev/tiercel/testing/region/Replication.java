package dev.tiercel.testing.region;

import dev.tiercel.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The replicator's thread: it reads all streams, decides, writes what is due, and begins anew. The
 * argument why that converges is at {@link Replicator}.
 */
final class Replication implements AutoCloseable {

  /** Calls at once. */
  static final int CALLS = 8;

  private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final List<Replica> replicas;
  private final Time time;
  private final long pollNanos;
  private final long startNanos = System.nanoTime();
  private final Calls calls = new Calls(CALLS);
  private final Books books;
  private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
  private final List<StreamReader> readers = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "replicator");
  private long forgotNanos;
  private volatile long quietNanos = -1;
  private volatile @Nullable Exception trouble;

  Replication(List<Replica> replicas, RegionOptions options, Time time) {
    this.replicas = replicas;
    this.time = time;
    pollNanos = options.pollInterval().toNanos();
    books = new Books(replicas.size(), options.replicationLag(), options.versionAttribute());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** The clock that streams are looked at by; not the time of the lags, which may stand still. */
  long nanos() {
    return System.nanoTime() - startNanos;
  }

  Link link(int from, int to) {
    return books.link(from, to);
  }

  /** Copies what a region holds before the replication begins. */
  void copy(int region, String table, List<Image> items, List<String> keyAttributes) {
    orders.add(() -> items.forEach(
        item -> books.found(item.keyIn(table, keyAttributes), item, region, time.nanos())));
  }

  /** Reads more streams from now on. */
  void read(List<StreamReader> more) {
    orders.add(() -> readers.addAll(more));
  }

  long pending() {
    return books.pending();
  }

  long applied() {
    return books.applied();
  }

  long discarded() {
    return books.discarded();
  }

  /** The beginning of the last round that found nothing new, with nothing on its way. */
  long quietNanos() {
    return quietNanos;
  }

  /** What went wrong last, for a message; empty if nothing did. */
  String trouble() {
    var last = trouble;
    return last == null ? "" : "; last failure: " + last;
  }

  @Override
  public void close() {
    closing.countDown();
    calls.close();
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      for (var wait = 0L; !closing.await(wait, TimeUnit.NANOSECONDS); ) {
        var began = nanos();
        var busy = round(began);
        wait = busy ? 0 : Math.max(0, began + pollNanos - nanos());
      }
    } catch (InterruptedException closed) {
      return;
    }
  }

  /** Returns whether there is more to write at once. */
  private boolean round(long began) throws InterruptedException {
    for (var order = orders.poll(); order != null; order = orders.poll()) {
      order.run();
    }
    try {
      var quiet = listen();
      var due = books.due(time.nanos());
      write(due);
      forget(began);
      if (quiet && due.isEmpty() && books.pending() == 0 && orders.isEmpty()) {
        quietNanos = began;
      }
      return !due.isEmpty();
    } catch (ExecutionException | RuntimeException failure) {
      trouble = failure;
      return false;
    }
  }

  /** Reads all streams; returns whether all answered and none had anything to tell. */
  private boolean listen() throws InterruptedException, ExecutionException {
    var quiet = true;
    var told = calls.all(
        readers.stream().map(reader -> (Callable<Told>) () -> read(reader)).toList());
    for (var one : told) {
      one.changes().forEach(change -> books.told(change, one.reader().region(), time.nanos()));
      quiet &= one.answered() && one.changes().isEmpty();
    }
    readers.forEach(
        reader -> books.complete(reader.table(), reader.region(), reader.completeNanos()));
    return quiet;
  }

  private void forget(long nowNanos) {
    if (nowNanos - forgotNanos > FORGET_NANOS) {
      books.forget();
      forgotNanos = nowNanos;
    }
  }

  private record Told(StreamReader reader, List<Change> changes, boolean answered) {}

  private Told read(StreamReader reader) {
    var changes = new ArrayList<Change>();
    try {
      reader.read(changes);
      return new Told(reader, changes, true);
    } catch (SdkException failure) {
      trouble = failure;
      return new Told(reader, changes, false);
    }
  }

  private void write(List<Books.Due> due) throws InterruptedException, ExecutionException {
    var attempts = calls.all(
        due.stream().map(one -> (Callable<Attempt>) () -> attempt(one)).toList());
    attempts.forEach(books::tried);
  }

  private Attempt attempt(Books.Due due) {
    var commit = due.commit();
    var answer =
        replicas.get(due.link().to()).replace(commit.key(), due.expected(), commit.image());
    return new Attempt(commit, due.link(), answer.fate(), answer.found(), nanos());
  }
}
