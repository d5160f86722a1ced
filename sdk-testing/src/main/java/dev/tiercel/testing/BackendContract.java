package dev.tiercel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.time.SystemTime;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every {@link Backend} promises, as tests: extend it and say how to make the backend.
 *
 * <p>What a backend declares in its {@link dev.tiercel.backend.Capabilities} is tested; what it
 * does not declare is tested to be refused with {@link dev.tiercel.error.InvalidRequest} rather
 * than done silently. Every test asserts something for every backend; none is skipped.
 *
 * <p>Each test calls the backend in a keyspace of its own, so tests may share a store. Requests
 * keep within the backend's limits, as the pipeline's do. Where something must run out, the test
 * lets a short time {@linkplain #advance pass} and then asks the backend until it is so.
 */
public abstract class BackendContract
    implements ReadContract,
        WriteContract,
        ConditionContract,
        LeaseContract,
        LeaseHolderContract,
        LeaseFreshnessContract,
        HoldOffContract,
        GroupContract,
        MarkContract,
        FeedContract,
        RaceContract,
        CloseContract {

  private @Nullable SystemTime ownTime;
  private @Nullable BackendProbe probe;
  private @Nullable Backend another;

  /**
   * Makes the backend, before each test; it is closed after it. It may share its store with others,
   * as long as keyspaces are kept apart.
   */
  protected abstract Backend create();

  /**
   * Makes another backend on the same store, as another process would have; it is closed after the
   * test. Empty, unless overridden, if a store cannot be shared.
   */
  protected Optional<Backend> createAnother() {
    return Optional.empty();
  }

  /** The clock the backend's entries and leases expire by: the system's unless overridden. */
  @Override
  public Time time() {
    if (ownTime == null) {
      ownTime = new SystemTime("backend-contract");
    }
    return ownTime;
  }

  /**
   * Lets time pass. A backend on a {@link FakeTime} overrides this and advances it; for all others
   * time passes by itself, and the test waits for what it brings.
   *
   * @param duration how much, at most a few hundred milliseconds
   */
  @Override
  public void advance(Duration duration) {}

  /**
   * Gives the store behind the backend a value to read. A backend without {@link Feature#WRITE}
   * overrides this; all others are written to.
   */
  @Override
  public void store(String keyspace, String key, byte[] payload) {
    var entry = new EncodedEntry(payload, CODEC, 0, 1, time().millis(), 0, 0);
    assertThat(probe().in(keyspace).put(key, entry, Condition.ALWAYS))
        .isInstanceOf(WriteOutcome.Stored.class);
  }

  /**
   * Whether the backend tells keyspaces apart. One that stands for a single keyspace (a function, a
   * table that exists already) does not.
   */
  @Override
  public boolean keepsKeyspacesApart() {
    return true;
  }

  /**
   * The compression id that entries are written with; 0 for a decorator that compresses by itself.
   */
  @Override
  public int compression() {
    return 2;
  }

  /** The backend on trial, in this test's keyspace. */
  @Override
  public final BackendProbe probe() {
    var current = probe;
    if (current == null) {
      throw new IllegalStateException("probe: none yet (expected: within a test)");
    }
    return current;
  }

  /** The other backend, in this test's keyspace; the backend on trial itself if there is none. */
  @Override
  public final BackendProbe another() {
    if (another == null) {
      another = createAnother().orElse(probe().backend());
    }
    return new BackendProbe(another, probe().keyspace(), time());
  }

  @BeforeEach
  final void openBackend() {
    probe = new BackendProbe(create(), UniqueName.of("contract"), time());
  }

  @AfterEach
  final void closeBackend() {
    probe().backend().close();
    if (another != null) {
      another.close();
    }
    if (ownTime != null) {
      ownTime.close();
    }
  }
}
