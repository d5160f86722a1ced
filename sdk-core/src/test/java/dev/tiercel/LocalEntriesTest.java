package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.tier.LocalEntry;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.tier.TtlPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.DoubleStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** When what happens to an entry that comes in. */
class LocalEntriesTest {

  private static final Duration TTL = Duration.ofSeconds(60);
  private static final Duration SOFT = Duration.ofSeconds(20);
  private static final TtlPolicy EXACT = TtlPolicy.defaults().jitter(0);
  private static final double[] CHANCES = {0, 0.3, 0.999};

  private final FakeTime time = new FakeTime();
  private final Chance chance = new Chance();
  private Duration loadTime = Duration.ZERO;
  private Duration maxStaleness = Duration.ofMinutes(10);

  @Test
  void withoutJitter_isServedForTheWholeTtl() {
    assertThat(servedFor(entry(EXACT, Duration.ZERO))).isEqualTo(TTL);
  }

  @Test
  void jitter_shortensAndNeverLengthens() {
    DoubleStream.of(CHANCES).forEach(fraction -> {
      chance.at(fraction);
      assertThat(servedFor(entry(EXACT.jitter(0.5), Duration.ZERO)))
          .isGreaterThanOrEqualTo(TTL.dividedBy(2))
          .isEqualTo(TTL.minusNanos((long) (TTL.toNanos() * 0.5 * fraction)));
    });
  }

  @Test
  void oldCopy_isServedForNoLongerThanMaxStalenessLeaves() {
    maxStaleness = Duration.ofSeconds(30);

    assertThat(servedFor(entry(EXACT, Duration.ofSeconds(10)))).isEqualTo(Duration.ofSeconds(20));
    assertThat(servedFor(entry(EXACT, Duration.ofSeconds(31)))).isNegative();
  }

  @Test
  void copyFromAWallClockAhead_isTakenForNew() {
    var ahead = entry(EXACT, Duration.ofSeconds(-5));

    assertThat(ahead.ageAt(time.nanos())).isZero();
    assertThat(servedFor(ahead)).isEqualTo(TTL);
  }

  @Test
  void valueWithAnEndOfItsOwn_isServedUntilThen() {
    var bytes = "value".getBytes(StandardCharsets.UTF_8);
    var now = time.millis();
    var encoded = new EncodedEntry(bytes, Codecs.utf8().id(), 0, 1, now, 0, now + 5_000);

    var ending = entries(EXACT.staleIfError(TTL)).of("key", encoded, Origin.source(""));
    assertThat(servedFor(ending)).isEqualTo(Duration.ofSeconds(5));
    assertThat(staleFor(ending)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void staleIfError_addsItsTimeWithinMaxStaleness() {
    assertThat(staleFor(entry(EXACT, Duration.ZERO))).isEqualTo(TTL);
    var kept = EXACT.staleIfError(Duration.ofSeconds(30));
    assertThat(staleFor(entry(kept, Duration.ZERO))).isEqualTo(TTL.plusSeconds(30));

    maxStaleness = Duration.ofSeconds(70);
    assertThat(staleFor(entry(kept, Duration.ZERO))).isEqualTo(Duration.ofSeconds(70));
  }

  @Test
  void soft_countsFromWhenTheSourceHeldIt() {
    var fresh = entry(EXACT.soft(SOFT), Duration.ofSeconds(5));
    assertThat(softAfter(fresh)).isEqualTo(Duration.ofSeconds(15));
    assertThat(fresh.staleness()).isEqualTo(Staleness.FRESH);

    assertThat(entry(EXACT.soft(SOFT), SOFT).staleness()).isEqualTo(Staleness.SOFT_TTL);
  }

  @Test
  void withoutASoftTtl_isNeverRefreshed() {
    assertThat(softAfter(entry(EXACT, Duration.ZERO))).isGreaterThan(Duration.ofDays(10_000));
    assertThat(refreshAfter(entry(EXACT, Duration.ZERO))).isGreaterThan(Duration.ofDays(10_000));
  }

  @Test
  void betaZero_isRefreshedAtItsSoftTtlWhateverChanceSays() {
    loadTime = Duration.ofSeconds(5);
    DoubleStream.of(CHANCES).forEach(fraction -> {
      chance.at(fraction);
      assertThat(refreshAfter(entry(TtlPolicy.defaults().soft(SOFT).beta(0), Duration.ZERO)))
          .isEqualTo(SOFT);
    });
  }

  @Test
  void beta_refreshesAheadByTheTimeOfALoadTimesBetaTimesAnExponentialNumber() {
    loadTime = Duration.ofSeconds(1);
    chance.at(0.5);

    var ahead = SOFT.minus(refreshAfter(entry(EXACT.soft(SOFT).beta(2), Duration.ZERO)));
    assertThat(ahead.toNanos() / 1e9).isEqualTo(2 * Math.log(2), within());
  }

  @Test
  void beta_neverInTheFirstHalf() {
    loadTime = Duration.ofSeconds(5);
    chance.at(0.999);

    assertThat(refreshAfter(entry(EXACT.soft(SOFT).beta(100), Duration.ZERO)))
        .isEqualTo(SOFT.dividedBy(2));
  }

  @Test
  void jitter_refreshesAheadAtLeastByItself() {
    chance.at(0.5);

    assertThat(refreshAfter(entry(EXACT.soft(SOFT).jitter(0.2), Duration.ZERO)))
        .isEqualTo(Duration.ofSeconds(18));
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-6);
  }

  private LocalEntries<String> entries(TtlPolicy ttls) {
    var spec = KeyspaceSpec.builder("entries", KeyFormat.string(), Codecs.utf8())
        .source(Backends.inMemoryStore(1 << 10, time))
        .local(LocalPolicy.defaults().ttl(TTL))
        .maxStaleness(maxStaleness)
        .ttls(ttls)
        .build();
    return new LocalEntries<>(Pipeline.valueFormat(spec), spec, () -> loadTime, chance, time);
  }

  private LocalEntry<String> entry(TtlPolicy ttls, Duration age) {
    var bytes = "value".getBytes(StandardCharsets.UTF_8);
    var created = time.millis() - age.toMillis();
    var encoded = new EncodedEntry(bytes, Codecs.utf8().id(), 0, 1, created, 0, 0);
    return entries(ttls).of("key", encoded, new Origin(Tier.REMOTE, ""));
  }

  private Duration servedFor(LocalEntry<String> entry) {
    return Duration.ofNanos(entry.times().expiresNanos() - time.nanos());
  }

  private Duration staleFor(LocalEntry<String> entry) {
    return Duration.ofNanos(entry.times().staleUntilNanos() - time.nanos());
  }

  private Duration softAfter(LocalEntry<String> entry) {
    return Duration.ofNanos(entry.times().softNanos() - time.nanos());
  }

  private Duration refreshAfter(LocalEntry<String> entry) {
    return Duration.ofNanos(entry.times().refreshNanos() - time.nanos());
  }
}
