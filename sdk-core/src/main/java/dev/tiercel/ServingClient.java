package dev.tiercel;

import static java.util.Objects.requireNonNull;

import dev.tiercel.backend.Backend;
import dev.tiercel.health.Vitals;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.region.Place;
import dev.tiercel.time.Durations;
import dev.tiercel.time.HybridClock;
import dev.tiercel.time.SystemTime;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a service gets its keyspaces: holds what they share (clock, timers, the bound on calls in
 * flight) and closes what they use.
 *
 * <p>Thread-safe. One per process is enough.
 */
public final class ServingClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ServingClient.class);

  private final Map<String, CoreKeyspace<?, ?>> keyspaces = new ConcurrentHashMap<>();
  private final Set<Backend> backends =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
  private final AtomicBoolean closed = new AtomicBoolean();
  private final @Nullable SystemTime ownTime;
  private final @Nullable ForkJoinPool ownPool;
  private final Time time;
  private final Executor executor;
  private final RandomGenerator random;
  private final ServingListener listener;
  private final HybridClock clock;
  private final Calls calls;
  private final Guards guards;
  private final Place place;
  private final Regions regions = new Regions();
  private final Duration drainTime;

  private ServingClient(Builder builder) {
    ownTime = builder.time == null ? new SystemTime("tiercel-timer") : null;
    ownPool = builder.executor == null ? pool() : null;
    time = builder.time == null ? requireNonNull(ownTime) : builder.time;
    executor = builder.executor == null ? requireNonNull(ownPool) : builder.executor;
    random = builder.random;
    listener = ServingListener.safe(builder.listener);
    clock = new HybridClock(time);
    calls = new Calls(time, builder.maxInFlight);
    guards = new Guards(builder.place.zone(), listener, random, time);
    place = builder.place;
    drainTime = builder.drainTime;
  }

  /** A client with the defaults. */
  public static ServingClient create() {
    return builder().build();
  }

  /** Begins a client. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Makes a keyspace. From here on the spec's backends belong to this client, which closes them;
   * specs may share a backend.
   *
   * @param spec what the keyspace is
   * @throws IllegalArgumentException if a backend cannot do what its place asks for, or the client
   *     has a keyspace of this name already
   * @throws IllegalStateException if the client is closed
   */
  public <K, V> Keyspace<K, V> keyspace(KeyspaceSpec<K, V> spec) {
    if (closed.get()) {
      throw closed();
    }
    if (keyspaces.containsKey(spec.name)) {
      throw inUse(spec.name);
    }
    var below = Pipeline.assemble(spec, place, guards, listener, random, time);
    var core = new CoreKeyspace<>(spec, below, calls, clock, listener, executor, random, time);
    if (keyspaces.putIfAbsent(spec.name, core) != null) {
      throw inUse(spec.name);
    }
    backends.addAll(spec.sources);
    backends.addAll(spec.remotes);
    if (below.router() != null) {
      regions.add(below.router());
    }
    core.open();
    if (closed.get()) {
      // Closed meanwhile: whether it saw these backends or not, they are released.
      core.close();
      backends.forEach(ServingClient::release);
      throw closed();
    }
    return new BlockingKeyspace<>(core, new ExecutorKeyspace<>(core, executor));
  }

  /**
   * How the endpoints of this client's backends are doing, the main one of each backend before its
   * replicas: for readiness probes and dashboards. What is read from each is always current.
   */
  public List<Vitals> vitals() {
    return guards.vitals();
  }

  /**
   * The regions of this client's keyspaces: how they are doing, and an operator's hand on them.
   * Knows of no region as long as no keyspace has several.
   */
  public Regions regions() {
    return regions;
  }

  private static IllegalArgumentException inUse(String name) {
    return new IllegalArgumentException("keyspace: " + name + " (expected: a name not in use)");
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("client: closed (expected: open)");
  }

  /**
   * Refuses new calls, waits for those on their way for at most the drain time, fails what is left,
   * and releases every connection and thread. A second call does nothing.
   *
   * <p>If the thread is interrupted the waiting ends early, everything is released, and the
   * interrupt status stays set.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      drain();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      release();
    }
  }

  private void release() {
    keyspaces.values().forEach(CoreKeyspace::close);
    guards.giveUp();
    backends.forEach(ServingClient::release);
    if (ownTime != null) {
      ownTime.close();
    }
    if (ownPool != null) {
      stop(ownPool);
    }
  }

  private void drain() throws InterruptedException {
    var end = time.nanos() + Durations.nanos(drainTime);
    var drained = calls.close(drainTime);
    for (var keyspace : keyspaces.values()) {
      drained &= keyspace.drain(Duration.ofNanos(Math.max(0, end - time.nanos())));
    }
    if (!drained) {
      LOG.warn("drain: calls still on their way after {} (expected: none)", drainTime);
    }
  }

  private static void release(Backend backend) {
    try {
      backend.close();
    } catch (RuntimeException | Error thrown) {
      LOG.warn("backend: {} threw when closed (expected: no exception)", backend.name(), thrown);
    }
  }

  private static void stop(ForkJoinPool pool) {
    pool.shutdown();
    try {
      if (!pool.awaitTermination(1, TimeUnit.SECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static ForkJoinPool pool() {
    ForkJoinPool.ForkJoinWorkerThreadFactory threads = pool -> {
      var thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
      thread.setName("tiercel-" + thread.getPoolIndex());
      return thread;
    };
    var parallelism = Math.max(2, Runtime.getRuntime().availableProcessors());
    return new ForkJoinPool(parallelism, threads, null, true);
  }

  /** Collects what a client is. Not thread-safe. */
  public static final class Builder {

    private @Nullable Time time;
    private @Nullable Executor executor;
    private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    private ServingListener listener = ServingListener.NONE;
    private int maxInFlight = 10_000;
    private Duration drainTime = Duration.ofSeconds(5);
    private Place place = Place.UNKNOWN;

    private Builder() {}

    /**
     * The clock and the timers; the system's by default. The client does not close what it is
     * given.
     */
    public Builder time(Time clock) {
      this.time = requireNonNull(clock, "time");
      return this;
    }

    /**
     * Where futures of {@link AsyncKeyspace} complete, changes of {@code update} run and the local
     * tier is maintained; a pool of the client's own by default, with a thread per processor and
     * two at least. The client does not close what it is given.
     */
    public Builder executor(Executor pool) {
      this.executor = requireNonNull(pool, "executor");
      return this;
    }

    /**
     * Where chance comes from (the jitter of pauses); safe for use by several threads. The threads'
     * own generators by default.
     */
    public Builder random(RandomGenerator generator) {
      this.random = requireNonNull(generator, "random");
      return this;
    }

    /**
     * Where this process runs: its own region is read from first, and replicas of its own zone
     * before others. By default what comes first in a keyspace's description is nearest;
     * {@link Place#fromEnvironment} is what a deployment says.
     */
    public Builder place(Place where) {
      this.place = requireNonNull(where, "place");
      return this;
    }

    /** Hears what happens inside; nobody by default. */
    public Builder listener(ServingListener other) {
      this.listener = requireNonNull(other, "listener");
      return this;
    }

    /**
     * The most calls in flight over all keyspaces, local hits aside; 10,000 by default. One more is
     * refused at once.
     */
    public Builder maxInFlight(int calls) {
      if (calls < 1) {
        throw new IllegalArgumentException("maxInFlight: " + calls + " (expected: at least 1)");
      }
      this.maxInFlight = calls;
      return this;
    }

    /** How long {@link #close} waits for calls on their way; 5 s by default. */
    public Builder drainTime(Duration timeout) {
      if (timeout.isNegative()) {
        throw new IllegalArgumentException("drainTime: " + timeout + " (expected: zero or more)");
      }
      this.drainTime = timeout;
      return this;
    }

    /** Makes the client. */
    public ServingClient build() {
      return new ServingClient(this);
    }
  }
}
