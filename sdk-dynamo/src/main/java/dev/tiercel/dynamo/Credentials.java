package dev.tiercel.dynamo;

import dev.tiercel.backend.Completions;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Credentials looked up on a thread of their own. Providers do I/O (instance metadata, STS, single
 * sign-on) and block whoever asks, and the SDK asks on the thread that makes a call, also of a
 * provider that answers with a future. So calls wait here first, for {@link #ready()}, and the SDK
 * is handed what is known by then.
 *
 * <p>Providers keep and renew what they look up, so they are asked every second that has calls in
 * it, behind the back of those calls; credentials that can no longer be relied on are waited for
 * instead. One look-up runs at a time. Thread-safe.
 */
@SuppressWarnings({"UndefinedEquals", "CollectionUndefinedEquality"}) // told apart by identity
final class Credentials implements AwsCredentialsProvider, AutoCloseable {

  /** So long an answer is not asked for again. */
  static final Duration FRESH = Duration.ofSeconds(1);

  /** So long credentials that do not say when they end are used while they are asked for again. */
  static final Duration RELIABLE = Duration.ofSeconds(10);

  private static final Duration MAX_CLOSING = Duration.ofSeconds(1);

  /** What waits for nothing, such as a client that came with its credentials. */
  static final CompletableFuture<?> READY = CompletableFuture.completedFuture(true);

  /**
   * What was looked up.
   *
   * @param gotAt when, in nanoseconds
   * @param askedAt when the provider answered last, with credentials or with a failure
   * @param refused whether DynamoDB has refused them
   */
  private record Known(AwsCredentials credentials, long gotAt, long askedAt, boolean refused) {

    Known asked(long now) {
      return new Known(credentials, gotAt, now, refused);
    }

    Known refusedNow() {
      return new Known(credentials, gotAt, askedAt, true);
    }
  }

  private final AwsCredentialsProvider provider;
  private final Runnable release;
  private final Time time;
  private final ExecutorService thread;
  private final boolean isInstant;

  private volatile @Nullable Known known;
  private final Set<CompletableFuture<Boolean>> waiting = new LinkedHashSet<>();
  private boolean isLookingUp;

  private Credentials(
      AwsCredentialsProvider provider, Runnable release, String threadName, Time time) {
    this.provider = provider;
    this.release = release;
    this.time = time;
    this.isInstant = provider instanceof StaticCredentialsProvider
        || provider instanceof AnonymousCredentialsProvider;
    // Without a look-up it has no thread.
    this.thread = Executors.newSingleThreadExecutor(task -> {
      var started = new Thread(task, threadName);
      started.setDaemon(true);
      return started;
    });
  }

  /** Those of the options, or the SDK's default chain. */
  static Credentials of(DynamoOptions options, Time time) {
    var threadName = "tiercel-dynamodb-" + options.region().id() + "-credentials";
    var given = options.credentials();
    if (given != null) {
      return new Credentials(given, () -> {}, threadName, time);
    }
    var chain = DefaultCredentialsProvider.builder().build();
    return new Credentials(chain, chain::close, threadName, time);
  }

  /**
   * Never blocks.
   *
   * @return done if there are credentials; else a future of the caller's own, which it may end
   *     itself, and which otherwise ends on the look-up's thread, with what the provider throws if
   *     it has none
   */
  CompletableFuture<?> ready() {
    var last = known;
    if (isInstant || (last != null && isReliable(last))) {
      renewIfOld(last);
      return READY;
    }
    var mine = new CompletableFuture<Boolean>();
    synchronized (this) {
      waiting.add(mine);
    }
    Completions.onEnd(mine, (ready, failure) -> forget(mine));
    lookUp();
    return mine;
  }

  /**
   * What the SDK signs with. Only who has not waited until they are {@link #ready()} may be blocked
   * by this.
   */
  @Override
  public AwsCredentials resolveCredentials() {
    var last = known;
    if (isInstant || last == null) {
      return provider.resolveCredentials();
    }
    renewIfOld(last);
    return last.credentials();
  }

  /**
   * DynamoDB has refused what a call was signed with: the next calls wait for another look-up. Not
   * if they have just been looked up; then it was the ones before, or the provider has no better.
   */
  void refused() {
    var last = known;
    if (last != null && time.nanos() - last.gotAt() >= FRESH.toNanos()) {
      known = last.refusedNow();
    }
  }

  private void renewIfOld(@Nullable Known last) {
    if (last != null && time.nanos() - last.askedAt() >= FRESH.toNanos()) {
      lookUp();
    }
  }

  private boolean isReliable(Known last) {
    return !last.refused()
        && last.credentials()
            .expirationTime()
            .map(end -> time.millis() < end.toEpochMilli())
            .orElseGet(() -> time.nanos() - last.gotAt() < RELIABLE.toNanos());
  }

  private void lookUp() {
    synchronized (this) {
      if (isLookingUp) {
        return;
      }
      isLookingUp = true;
    }
    try {
      thread.execute(this::ask);
    } catch (RejectedExecutionException closed) {
      end(closed);
    }
  }

  private void ask() {
    try {
      var answer = Objects.requireNonNull(provider.resolveCredentials(), "credentials");
      var now = time.nanos();
      known = new Known(answer, now, now, false);
      end(null);
    } catch (RuntimeException | Error failure) {
      var last = known;
      known = last == null ? null : last.asked(time.nanos());
      end(failure);
    }
  }

  private void end(@Nullable Throwable failure) {
    List<CompletableFuture<Boolean>> all;
    synchronized (this) {
      isLookingUp = false;
      all = List.copyOf(waiting);
      waiting.clear();
    }
    for (var each : all) {
      if (failure == null) {
        each.complete(true);
      } else {
        each.completeExceptionally(failure);
      }
    }
  }

  private synchronized void forget(CompletableFuture<Boolean> ended) {
    waiting.remove(ended);
  }

  /**
   * Ends the thread, waiting for it a second at most: a provider may not let itself be interrupted.
   */
  @Override
  public void close() {
    thread.shutdownNow();
    end(new CancellationException("credentials: closed (expected: open)"));
    try {
      var unused = thread.awaitTermination(MAX_CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    release.run();
  }
}
