package dev.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Origin;
import dev.tiercel.backend.Staleness;
import dev.tiercel.coherence.Trust;
import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalTierTest {

  private final FakeTime time = new FakeTime();
  private final Trust trust = new Trust(true);
  private long barrier;
  private final LocalTier<String, String> tier = tier(LocalPolicy.defaults().maxBytes(1000));

  @BeforeEach
  void connect() {
    tier.connected();
  }

  @Test
  void get_untilItsTimeAndNotAfter() {
    tier.fill("key", entry("value", 1), tier.fence("key"));
    time.advance(Duration.ofSeconds(60).minusNanos(1));
    assertThat(tier.get("key")).isNotNull();

    time.advance(Duration.ofNanos(1));
    assertThat(tier.get("key")).isNull();
  }

  @Test
  void fill_fenceStands_isStored() {
    assertThat(tier.fill("key", entry("value", 1), tier.fence("key"))).isTrue();

    assertThat(tier.get("key").value()).isEqualTo("value");
  }

  @Test
  void fill_writtenSinceTheLoadBegan_isRefused() {
    var fence = tier.fence("key");
    tier.store("key", entry("new", 2), tier.fence("key"));

    assertThat(tier.fill("key", entry("old", 1), fence)).isFalse();
    assertThat(tier.get("key").value()).isEqualTo("new");
  }

  @Test
  void fill_forgottenSinceTheLoadBegan_isRefused() {
    var fence = tier.fence("key");
    tier.forget("key");

    assertThat(tier.fill("key", entry("old", 1), fence)).isFalse();
    assertThat(tier.get("key")).isNull();
  }

  @Test
  void fill_refusedThoughNewer_dropsTheOlderEntry() {
    tier.fill("key", entry("old", 1), tier.fence("key"));
    var fence = tier.fence("key");
    tier.store("key", entry("older still", 0), tier.fence("key"));

    assertThat(tier.fill("key", entry("new", 2), fence)).isFalse();
    assertThat(tier.get("key")).isNull();
  }

  @Test
  void see_isRememberedAndNotServed() {
    tier.see("key", entry("lagging", 2));
    assertThat(tier.get("key")).isNull();
    assertThat(tier.seen("key")).isEqualTo(2);
  }

  @Test
  void see_newerThanWhatIsHere_dropsIt() {
    tier.fill("key", entry("old", 1), tier.fence("key"));
    tier.see("key", entry("new", 2));
    assertThat(tier.get("key")).isNull();
    assertThat(tier.seen("key")).isEqualTo(2);
  }

  @Test
  void see_olderThanWhatIsHere_changesNothing() {
    tier.fill("key", entry("new", 2), tier.fence("key"));
    tier.see("key", entry("old", 1));
    assertThat(tier.get("key")).isNotNull();
  }

  @Test
  void fill_refusedWithNothingHere_remembersTheVersionItsReaderIsGiven() {
    var fence = tier.fence("key");
    tier.forget("key");

    assertThat(tier.fill("key", entry("value", 2), fence)).isFalse();
    assertThat(tier.get("key")).isNull();
    assertThat(tier.seen("key")).isEqualTo(2);
  }

  @Test
  void fill_refusedWithAnOlderEntryHere_remembersTheVersionItsReaderIsGiven() {
    var fence = tier.fence("key");
    tier.forget("key");
    tier.fill("key", entry("old", 1), tier.fence("key"));

    assertThat(tier.fill("key", entry("value", 2), fence)).isFalse();
    assertThat(tier.get("key")).isNull();
    assertThat(tier.seen("key")).isEqualTo(2);
  }

  @Test
  void fill_refusedWithANewerEntryHere_leavesIt() {
    var fence = tier.fence("key");
    tier.store("key", entry("new", 3), tier.fence("key"));

    assertThat(tier.fill("key", entry("value", 2), fence)).isFalse();
    assertThat(tier.get("key").value()).isEqualTo("new");
    assertThat(tier.seen("key")).isEqualTo(3);
  }

  @Test
  void fill_newerVersionHere_keepsIt() {
    tier.fill("key", entry("new", 2), tier.fence("key"));

    assertThat(tier.fill("key", entry("old", 1), tier.fence("key"))).isTrue();
    assertThat(tier.get("key").value()).isEqualTo("new");
  }

  @Test
  void fill_newerVersionHereButOver_isNotServedInItsPlace() {
    tier.fill("key", entry("new", 2), tier.fence("key"));
    time.advance(Duration.ofMinutes(1));

    tier.fill("key", entry("old", 1), tier.fence("key"));
    assertThat(tier.get("key")).isNull();
    assertThat(tier.seen("key")).isEqualTo(2);
  }

  @Test
  void fillAbsent_fenceStands_dropsWhatIsHere() {
    tier.fill("key", entry("old", 1), tier.fence("key"));

    assertThat(tier.fillAbsent("key", tier.fence("key"))).isNull();
    assertThat(tier.get("key")).isNull();
  }

  @Test
  void fillAbsent_writtenSinceTheLoadBegan_answersWithWhatIsHere() {
    var fence = tier.fence("key");
    tier.store("key", entry("new", 2), tier.fence("key"));

    assertThat(tier.fillAbsent("key", fence).value()).isEqualTo("new");
  }

  @Test
  void fill_ofOneVersion_keepsWhatTheSourceWasKnownToHoldLater() {
    var early = entry("early", 0);
    time.advance(Duration.ofSeconds(1));
    tier.fill("key", entry("late", 0), tier.fence("key"));
    tier.fill("key", early, tier.fence("key"));

    assertThat(tier.get("key").value()).isEqualTo("late");
  }

  @Test
  void close_nothingIsServedAnyMore() {
    tier.store("key", entry("value", 1), tier.fence("key"));
    tier.close();
    tier.store("key", entry("value", 2), tier.fence("key"));

    assertThat(tier.get("key")).isNull();
  }

  @Test
  void store_olderThanWhatIsHere_keepsTheNewer() {
    tier.store("key", entry("new", 2), tier.fence("key"));
    tier.store("key", entry("old", 1), tier.fence("key"));

    assertThat(tier.get("key").value()).isEqualTo("new");
  }

  @Test
  void store_forgottenSinceTheWriteWasSent_storesNothingAndLeavesNothingOlder() {
    var sent = tier.fence("key");
    tier.forget("key");
    tier.store("key", entry("acknowledged late", 1), sent);
    assertThat(tier.get("key")).isNull();

    tier.fill("key", entry("older still", 0), tier.fence("key"));
    tier.store("key", entry("acknowledged late", 1), sent);
    assertThat(tier.get("key")).isNull();
  }

  @Test
  void weight_isBounded() {
    for (var key = 0; key < 100; key++) {
      tier.store("key" + key, entry("value", 1), tier.fence("key" + key));
    }

    var kept = 0;
    for (var key = 0; key < 100; key++) {
      kept += tier.get("key" + key) == null ? 0 : 1;
    }
    assertThat(kept).isBetween(1, 10);
  }

  @Test
  void off_holdsNothing() {
    var off = tier(LocalPolicy.off());
    off.store("key", entry("value", 1), off.fence("key"));
    assertThat(off.get("key")).isNull();

    off.fill("key", entry("value", 1), off.fence("key"));
    assertThat(off.get("key")).isNull();
  }

  private LocalEntry<String> entry(String value, long version) {
    var now = time.nanos();
    var end = now + Duration.ofMinutes(1).toNanos();
    var times = new Times(now, time.millis(), end, end, end, end, 0);
    return new LocalEntry<>(
        value, version, times, barrier, 0, 100, Origin.source(""), Staleness.FRESH);
  }

  private LocalTier<String, String> tier(LocalPolicy policy) {
    return new LocalTier<>(policy, trust, (key, entry) -> barrier, time, Runnable::run);
  }
}
