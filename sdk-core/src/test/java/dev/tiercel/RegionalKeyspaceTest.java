package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.health.RegionState;
import dev.tiercel.health.RegionStatus;
import dev.tiercel.region.RegionLoss;
import dev.tiercel.region.WritePolicy;
import dev.tiercel.tier.LocalPolicy;
import java.time.Duration;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A keyspace over two regions, as its users see it. */
class RegionalKeyspaceTest {

  private final TwoRegions regions = new TwoRegions();

  @AfterEach
  void close() {
    regions.close();
  }

  @Test
  void read_everythingIsWell_isAnsweredByTheNearestRegion() {
    var east = regions.process(spec -> spec);
    east.put("k", "v");

    assertThat(east.get("k")).isEqualTo("v");
    assertThat(TwoRegions.value(regions.east.atSource("k"))).isEqualTo("v");
    assertThat(TwoRegions.value(regions.west.atSource("k"))).isNull();
  }

  @Test
  void put_leavesAMarkInTheOtherRegionsCache_whichItsLaggingSourceCannotGetPast() {
    var east = regions.process(spec -> spec);
    var west = regions.processIn("west", spec -> spec.local(LocalPolicy.off()));
    east.put("k", "old");
    regions.west.receives("k", regions.east);
    assertThat(west.get("k")).isEqualTo("old");

    east.put("k", "new");

    var lagging = west.getEntry("k");
    assertThat(lagging.value()).isEqualTo("old");
    assertThat(lagging.staleness()).isEqualTo(Staleness.BEHIND);
    assertThat(TwoRegions.value(regions.west.atRemote("k"))).isNull();

    regions.west.receives("k", regions.east);
    var caughtUp = west.getEntry("k");
    assertThat(caughtUp.value()).isEqualTo("new");
    assertThat(caughtUp.staleness()).isEqualTo(Staleness.FRESH);
    assertThat(TwoRegions.value(regions.west.atRemote("k"))).isEqualTo("new");
  }

  @Test
  void read_theNearestRegionIsLost_isAnsweredByTheOtherAndSaysSo() {
    var east = regions.process(spec -> spec.local(LocalPolicy.off()));
    east.put("k", "v");
    regions.west.receives("k", regions.east);

    regions.east.lose();

    regions.untilLost(east);
    IntStream.range(0, 50).forEach(attempt -> {
      var entry = east.getEntry("k");
      assertThat(entry.value()).isEqualTo("v");
      assertThat(entry.region()).isEqualTo("west");
    });
    assertThat(regions.heard).contains("east: DOWN", "east -> west");
  }

  @Test
  void read_lossMeansFail_neverLeavesTheRegion() {
    var east = regions.process(spec -> spec.local(LocalPolicy.off()).loss(RegionLoss.FAIL));
    east.put("k", "v");
    regions.west.receives("k", regions.east);

    regions.east.lose();

    assertThatThrownBy(() -> east.get("k")).isInstanceOf(Unavailable.class);
  }

  @Test
  void read_lossMeansStaleLocal_isAnsweredFromMemoryPastItsTime() {
    var east = regions.process(spec -> spec.loss(RegionLoss.STALE_LOCAL)
        .local(LocalPolicy.defaults().ttl(Duration.ofSeconds(1)))
        .maxStaleness(Duration.ofMinutes(1)));
    east.put("k", "v");
    regions.east.lose();
    regions.time.advance(Duration.ofSeconds(30));

    var entry = east.getEntry("k");
    assertThat(entry.value()).isEqualTo("v");
    assertThat(entry.staleness()).isEqualTo(Staleness.ERROR);

    regions.time.advance(Duration.ofSeconds(31));
    assertThatThrownBy(() -> east.get("k")).isInstanceOf(Unavailable.class);
  }

  @Test
  void regionComesBack_lossMeansFail_itsAnswersAreCachedAsBefore() {
    var east = regions.process(spec -> spec.loss(RegionLoss.FAIL));
    regions.east.lose();
    regions.untilLost(east);
    regions.east.heal();
    regions.time.advance(Duration.ofSeconds(2));

    assertThat(status("east").current()).as("it never followed another region").isTrue();
    east.put("k", "v");
    assertThat(east.getEntry("k").tier()).isEqualTo(Tier.LOCAL);
  }

  @Test
  void localEntry_afterASwitch_isSuspectAndRevalidatedAgainstTheOtherRegion() {
    var east = regions.process(spec -> spec);
    east.put("same", "v");
    east.put("changed", "old");
    regions.west.receives("same", regions.east);
    var west = regions.processIn("west", spec -> spec);
    west.get("same");
    regions.east.lose();
    regions.untilLost(east);
    assertThat(regions.heard).contains("east -> west");

    west.put("changed", "new");
    regions.time.advance(Duration.ofSeconds(2));

    assertThat(east.get("changed")).isEqualTo("new");
    assertThat(east.getEntry("same").value()).isEqualTo("v");
  }

  @Test
  void put_theRegionIsUnavailable_isAppliedInTheNextOneOnly() {
    var east = regions.process(spec -> spec);
    regions.east.lose();

    east.put("k", "v");

    assertThat(TwoRegions.value(regions.west.atSource("k"))).isEqualTo("v");
    assertThat(TwoRegions.value(regions.east.atSource("k"))).isNull();
  }

  @Test
  void put_ofUnknownOutcome_isToldSoAndTriedNowhereElse() {
    var east = regions.process(spec -> spec);
    regions.east.source.failWrites(
        new OutcomeUnknown("write: no answer", Where.at("source", "east"), null));

    assertThatThrownBy(() -> east.put("k", "v")).isInstanceOf(OutcomeUnknown.class);

    assertThat(TwoRegions.value(regions.west.atSource("k"))).isNull();
  }

  @Test
  void put_homeIsLost_failsAndIsAppliedNowhere() {
    var east = regions.process(spec -> spec.writes(WritePolicy.home("east")));
    regions.east.lose();

    assertThatThrownBy(() -> east.put("k", "v")).isInstanceOf(Unavailable.class);

    assertThat(TwoRegions.value(regions.west.atSource("k"))).isNull();
  }

  @Test
  void put_homeElsewhere_isReadByThisProcessAndByItsRegionsCache() {
    var west = regions.processIn("west", spec -> spec.writes(WritePolicy.home("east")));

    west.put("k", "v");

    assertThat(TwoRegions.value(regions.east.atSource("k"))).isEqualTo("v");
    assertThat(TwoRegions.value(regions.west.atRemote("k"))).isEqualTo("v");
    assertThat(west.get("k")).isEqualTo("v");
  }

  @Test
  void put_pinnedAndTheRegionIsLost_fails() {
    var east = regions.process(spec -> spec.writes(WritePolicy.pinned()));
    regions.east.lose();

    assertThatThrownBy(() -> east.put("k", "v")).isInstanceOf(Unavailable.class);
  }

  @Test
  void ownWrite_regionLostBeforeItWasReplicated_isNeverReadOlder() {
    var east =
        regions.process(spec -> spec.local(LocalPolicy.defaults().ttl(Duration.ofSeconds(1))));
    east.put("k", "old");
    regions.west.receives("k", regions.east);
    east.put("k", "new");
    regions.east.lose();
    regions.time.advance(Duration.ofSeconds(2));

    assertThatThrownBy(() -> east.get("k")).isInstanceOf(Unavailable.class);

    regions.west.receives("k", regions.east);
    assertThat(east.get("k")).isEqualTo("new");
  }

  @Test
  void ownFirstWrite_regionLostBeforeItWasReplicated_isNotAbsentElsewhere() {
    var east =
        regions.process(spec -> spec.local(LocalPolicy.defaults().ttl(Duration.ofSeconds(1))));
    east.put("k", "new");
    regions.east.lose();
    regions.time.advance(Duration.ofSeconds(2));

    assertThatThrownBy(() -> east.get("k")).isInstanceOf(Unavailable.class);
  }

  @Test
  void ownWrite_lostToAnOlderOneThatArrivedLater_isNeverReadOlder() {
    var east = regions.process(TwoRegions::forgetful);
    losesToAnOlderOne(east);

    assertThatThrownBy(() -> east.get("k")).isInstanceOf(Unavailable.class);

    var again = east.put("k", "again");
    assertThat(east.getEntry("k").version()).isEqualTo(again);
  }

  @Test
  void ownWrite_lostToAnOlderOneAndKeyspaceServesBehind_isReadOlderAndLabelled() {
    var east = regions.process(spec -> TwoRegions.forgetful(spec).servesBehind(true));
    losesToAnOlderOne(east);

    var entry = east.getEntry("k");
    assertThat(entry.value()).isEqualTo("old");
    assertThat(entry.staleness()).isEqualTo(Staleness.BEHIND);
  }

  @Test
  void ownWrite_oneRegionWritesAndItsSourceWasSetBack_theSourceIsBelieved() {
    var east = regions.process(spec -> TwoRegions.forgetful(spec).writes(WritePolicy.home("east")));
    losesToAnOlderOne(east);

    assertThat(east.get("k")).isEqualTo("old");
  }

  /** Both sources end with what was there before the last write, and no copy of that is left. */
  private void losesToAnOlderOne(Keyspace<String, String> process) {
    process.put("k", "old");
    regions.west.receives("k", regions.east);
    process.put("k", "new");
    regions.east.receives("k", regions.west);
    regions.forgetAtRemotes("k");
    regions.time.advance(Duration.ofSeconds(2));
  }

  @Test
  void ownWrite_overByItself_isAbsentAndNotMissing() {
    var east = regions.process(spec -> spec);
    east.put("k", "v", WriteOptions.defaults().ttl(Duration.ofSeconds(5)));
    regions.time.advance(Duration.ofSeconds(6));

    assertThat(east.get("k")).isNull();
  }

  @Test
  void ownWrite_keyspaceServesBehind_isReadOlderAndLabelled() {
    var east = regions.process(
        spec -> spec.local(LocalPolicy.defaults().ttl(Duration.ofSeconds(1))).servesBehind(true));
    east.put("k", "old");
    regions.west.receives("k", regions.east);
    east.put("k", "new");
    regions.east.lose();
    regions.time.advance(Duration.ofSeconds(2));

    var entry = east.getEntry("k");
    assertThat(entry.value()).isEqualTo("old");
    assertThat(entry.staleness()).isEqualTo(Staleness.BEHIND);
  }

  @Test
  void read_atLeast_isAnsweredByTheRegionThatHasIt() {
    var writer = regions.process(spec -> spec);
    writer.put("k", "old");
    regions.west.receives("k", regions.east);
    var version = writer.put("k", "new");
    var reader = regions.processIn("west", spec -> spec);

    var entry = reader.getEntry("k", ReadOptions.defaults().atLeast(version));

    assertThat(entry.value()).isEqualTo("new");
    assertThat(entry.region()).isEqualTo("east");
  }

  @Test
  void expire_reachesTheCachesOfEveryRegion() {
    var east = regions.process(spec -> spec);
    var west = regions.processIn("west", spec -> spec);
    east.put("k", "v");
    regions.west.receives("k", regions.east);
    west.get("k");
    assertThat(TwoRegions.value(regions.west.atRemote("k"))).isEqualTo("v");

    east.expire("k");

    assertThat(TwoRegions.value(regions.west.atRemote("k"))).isNull();
  }

  @Test
  void change_theOtherRegionsCacheCannotBeTold_isToldOnceItCan() {
    var east = regions.process(spec -> spec);
    var west = regions.processIn("west", spec -> spec.local(LocalPolicy.off()));
    east.put("k", "old");
    regions.west.receives("k", regions.east);
    west.get("k");
    regions.west.lose();
    east.put("k", "new");
    assertThat(status(regions.client(0), "west").untold()).isEqualTo(1);

    regions.west.heal();
    regions.time.advance(Duration.ofSeconds(5));

    assertThat(status(regions.client(0), "west").untold()).isZero();
    assertThat(regions.west.atRemote("k")).isInstanceOf(ReadOutcome.Absent.class);
  }

  @Test
  void expireGroup_isRaisedInEveryRegion_lateWhereItCouldNotBe() {
    var east = regions.process(spec -> spec.groups((key, value) -> Set.of("g")));
    var west = regions.processIn(
        "west", spec -> spec.local(LocalPolicy.off()).groups((key, value) -> Set.of("g")));
    west.put("k", "v");
    assertThat(TwoRegions.value(regions.west.atRemote("k"))).isEqualTo("v");
    regions.west.lose();

    east.expireGroup("g");
    regions.west.heal();
    regions.time.advance(Duration.ofSeconds(5));

    regions.west.source.failReads(new Unavailable("source: down", Where.NOWHERE, null));
    regions.east.source.failReads(new Unavailable("source: down", Where.NOWHERE, null));
    assertThatThrownBy(() -> west.get("k")).isInstanceOf(Unavailable.class);
  }

  @Test
  void drain_movesReadsAndWritesAway_undrainBringsThemBackByTheRamp() {
    var east = regions.process(spec -> spec.local(LocalPolicy.off()));
    east.put("k", "v");
    regions.west.receives("k", regions.east);
    var operator = regions.client(0).regions();

    operator.drain("east");
    assertThat(east.getEntry("k").region()).isEqualTo("west");
    assertThat(status("east").state()).isEqualTo(RegionState.DRAINED);

    operator.undrain("east");
    IntStream.range(0, 60).forEach(second -> {
      regions.time.advance(Duration.ofSeconds(1));
      east.get("k");
    });
    assertThat(east.getEntry("k").region()).isEqualTo("east");
    assertThat(status("east").current()).isTrue();
  }

  @Test
  void drain_unknownRegion_isRefused() {
    regions.process(spec -> spec);
    var operator = regions.client(0).regions();

    assertThatThrownBy(() -> operator.drain("north"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("region: north");
  }

  private RegionStatus status(String region) {
    return status(regions.client(0), region);
  }

  private static RegionStatus status(ServingClient client, String region) {
    return client.regions().statuses().stream()
        .filter(each -> each.region().equals(region))
        .findFirst()
        .orElseThrow();
  }
}
