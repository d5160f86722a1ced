package dev.tiercel.samples.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.BatchResult;
import dev.tiercel.Entry;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FeedWatchTest {

  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Acknowledged writes = new Acknowledged(1);
  private final FeedWatch watch = new FeedWatch(writes, BOUND);
  private final long origin = System.nanoTime();

  FeedWatchTest() {
    writes.add(0, origin);
    writes.add(0, origin);
  }

  @Test
  void saw_latestValue_isNeverTooOld() {
    assertThat(saw("1", Tier.LOCAL, Staleness.FRESH, 1000)).isZero();
    assertThat(watch.oldest()).isZero();
    assertThat(watch.lies()).isZero();
  }

  @Test
  void saw_replacedLongAgo_isFoundByItsLabelAndByTheBound() {
    saw("0", Tier.LOCAL, Staleness.FRESH, 2);
    assertThat(watch.lies()).isZero();
    saw("0", Tier.LOCAL, Staleness.FRESH, 4);
    assertThat(watch.lies()).isEqualTo(1);
    assertThat(saw("0", Tier.LOCAL, Staleness.SUSPECT, 10)).isEqualTo(1);
    assertThat(watch.lies()).isEqualTo(1);
    assertThat(watch.tooOld()).isZero();
    saw("0", Tier.LOCAL, Staleness.SUSPECT, 11);
    assertThat(watch.tooOld()).isEqualTo(1);
    assertThat(watch.oldest()).isEqualTo(Duration.ofSeconds(11));
  }

  @Test
  void saw_freshFromMemoryOnceTheInterruptionIsKnown_isFound() {
    watch.cut();
    saw("1", Tier.LOCAL, Staleness.FRESH, 0);
    saw("1", Tier.LOCAL, Staleness.SUSPECT, 0);
    assertThat(watch.noticed()).isPresent();
    saw("1", Tier.REMOTE, Staleness.FRESH, 100);
    assertThat(watch.lies()).isZero();
    saw("1", Tier.LOCAL, Staleness.FRESH, 100);
    assertThat(watch.lies()).isEqualTo(1);
    watch.healing();
    saw("1", Tier.LOCAL, Staleness.FRESH, 100);
    assertThat(watch.lies()).isEqualTo(1);
  }

  @Test
  void saw_failure_isCounted() {
    var failed = new Unavailable("down", Where.NOWHERE, null);
    watch.saw(new BatchResult<>(Map.of(), Set.of(), Map.of(0L, failed)), origin);
    assertThat(watch.failures()).isEqualTo(1);
  }

  private int saw(String value, Tier tier, Staleness label, int seconds) {
    var entry = new Entry<>(value, 1, tier, "", Duration.ZERO, label);
    return watch.saw(
        new BatchResult<>(Map.of(0L, entry), Set.of(), Map.of()),
        origin + TimeUnit.SECONDS.toNanos(seconds));
  }
}
