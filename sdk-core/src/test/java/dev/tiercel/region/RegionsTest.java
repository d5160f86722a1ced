package dev.tiercel.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tiercel.health.RegionState;
import dev.tiercel.health.RegionStatus;
import dev.tiercel.observe.Announcements;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.region.Choice.Candidate;
import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which region is asked first, and which one is followed. */
class RegionsTest {

  private static final Duration STEP = Duration.ofMillis(10);

  private final FakeTime time = new FakeTime();
  private final StagedHealth near = new StagedHealth();
  private final StagedHealth mid = new StagedHealth();
  private final StagedHealth far = new StagedHealth();
  private final List<String> told = new ArrayList<>();
  private final Regions regions = new Regions(
      "users",
      false,
      List.of(candidate("near", near), candidate("mid", mid), candidate("far", far)),
      listener(told),
      new Glance(time.nanos()),
      new Announcements(),
      time);

  private static Candidate candidate(String name, RegionHealth health) {
    return new Candidate(region(name), health);
  }

  private static Region region(String name) {
    return new Region(name, new UnaskedTiers(), List.of(new StagedVitals("table")), List.of());
  }

  private static ServingListener listener(List<String> told) {
    return new ServingListener() {
      @Override
      public void onRegionState(String keyspace, String region, RegionState from, RegionState to) {
        told.add(keyspace + " " + region + " " + from + " " + to);
      }

      @Override
      public void onRegionSwitch(String keyspace, String from, String to) {
        told.add(keyspace + " " + from + " " + to);
      }
    };
  }

  @Test
  void allHealthy_nearestFirst() {
    assertThat(order()).containsExactly("near", "mid", "far");
    assertThat(regions.current().region().name()).isEqualTo("near");
  }

  @Test
  void steadyState_allKeysShareOneList_alsoWhenItComesBack() {
    var first = list("a");
    assertThat(list("b")).isSameAs(first);
    near.state = RegionState.DOWN;
    var second = list("a");
    assertThat(second).isNotSameAs(first);
    assertThat(list("b")).isSameAs(second);
    near.state = RegionState.HEALTHY;

    assertThat(list("c")).isSameAs(first);
  }

  @Test
  void down_isLast_probingBeforeIt_andTheNextNearestIsFollowed() {
    near.state = RegionState.DOWN;
    mid.state = RegionState.PROBING;
    assertThat(order()).containsExactly("far", "mid", "near");
    near.state = RegionState.PROBING;
    mid.state = RegionState.HEALTHY;
    assertThat(order()).containsExactly("mid", "far", "near");

    assertThat(told).containsExactly("users near far", "users far mid");
  }

  @Test
  void noneAnswers_statesAreIgnored_andNothingIsSwitched() {
    near.state = RegionState.DOWN;
    assertThat(order()).containsExactly("mid", "far", "near");
    mid.state = RegionState.DOWN;
    far.state = RegionState.PROBING;

    assertThat(order()).containsExactly("near", "mid", "far");
    assertThat(told).containsExactly("users near mid");
  }

  @Test
  void slow_isKeptUnlessAnotherIsKnownToBeFaster() {
    near.state = RegionState.DEGRADED;
    near.typicalNanos = 40;
    mid.typicalNanos = 60;
    assertThat(order()).containsExactly("near", "mid", "far");
    far.typicalNanos = 30;

    assertThat(order()).startsWith("mid").endsWith("near");
  }

  @Test
  void slowAndLeft_isNotComeBackToWhileItIsSlow() {
    near.state = RegionState.DEGRADED;
    near.typicalNanos = 40;
    mid.typicalNanos = 30;
    assertThat(order()).startsWith("mid");
    near.typicalNanos = 20;
    assertThat(order()).startsWith("mid");
    near.state = RegionState.HEALTHY;

    assertThat(order()).startsWith("near");
    assertThat(told).containsExactly("users near mid", "users mid near");
  }

  @Test
  void slowOnesOnly_theOneThatIsFollowedStaysFirst() {
    near.state = RegionState.DOWN;
    assertThat(order()).startsWith("mid");
    Stream.of(near, mid, far).forEach(each -> each.state = RegionState.DEGRADED);

    assertThat(order()).containsExactly("mid", "near", "far");
  }

  @Test
  void slowOne_isBetterThanOneThatIsDown() {
    near.state = RegionState.DOWN;
    mid.state = RegionState.DEGRADED;
    far.state = RegionState.DOWN;

    assertThat(order()).containsExactly("mid", "near", "far");
  }

  @Test
  void ramping_holdsItsShareOfTheKeys_noKeyGoesBack() {
    near.state = RegionState.DOWN;
    assertThat(order()).startsWith("mid");
    near.state = RegionState.RAMPING;
    var held = 0;
    var moved = new HashMap<String, Double>();
    for (var share = 0.0; share <= 1; share += 0.05) {
      near.share = share;
      time.advance(STEP);
      held = 0;
      for (var key = 0; key < 10_000; key++) {
        var first = list("user:" + key).get(0).region().name();
        if (first.equals("near")) {
          held++;
          moved.putIfAbsent("user:" + key, share);
        } else {
          assertThat(moved).doesNotContainKey("user:" + key);
        }
      }
      assertThat(held / 10_000.0).isBetween(share - 0.03, share + 0.03);
    }
    assertThat(told).containsExactly("users near mid");
  }

  @Test
  void ramping_atItsFullShare_isFollowed() {
    near.state = RegionState.DOWN;
    assertThat(order()).startsWith("mid");
    near.state = RegionState.RAMPING;
    near.share = 1;
    assertThat(order()).startsWith("near");
    assertThat(regions.current().region().name()).isEqualTo("mid");
    near.state = RegionState.HEALTHY;
    assertThat(order()).startsWith("near");

    assertThat(told).containsExactly("users near mid", "users mid near");
  }

  @Test
  void twoRamp_eachHoldsItsOwnShare() {
    near.state = RegionState.DOWN;
    mid.state = RegionState.DOWN;
    assertThat(order()).startsWith("far");
    near.state = RegionState.RAMPING;
    near.share = 0.2;
    mid.state = RegionState.RAMPING;
    mid.share = 0.5;

    var firsts = new HashMap<String, Integer>();
    time.advance(STEP);
    IntStream.range(0, 10_000)
        .forEach(key -> firsts.merge(list("k" + key).get(0).region().name(), 1, Integer::sum));
    assertThat(firsts.get("near")).isBetween(1_800, 2_200);
    assertThat(firsts.get("mid")).isBetween(2_800, 3_200);
    assertThat(regions.statuses(region -> 0))
        .extracting(RegionStatus::share)
        .usingElementComparator((one, two) -> Math.abs(one - two) < 1e-9 ? 0 : 1)
        .containsExactly(0.2, 0.3, 0.5);
  }

  @Test
  void ramping_butNeverLeft_keepsAllKeys() {
    Stream.of(near, mid, far).forEach(each -> each.state = RegionState.DOWN);
    assertThat(order()).startsWith("near");
    near.state = RegionState.RAMPING;
    near.share = 0.01;

    assertThat(order()).startsWith("near");
    assertThat(regions.statuses(region -> 0).get(0).share()).isOne();
    assertThat(told).isEmpty();
  }

  @Test
  void ramping_afterHavingBeenSlowButNotLeft_keepsAllKeys() {
    near.state = RegionState.DEGRADED;
    assertThat(order()).startsWith("near");
    near.state = RegionState.RAMPING;
    near.share = 0.01;

    assertThat(order()).startsWith("near");
    assertThat(told).isEmpty();
  }

  @Test
  void ramping_allOthersLost_takesOverAtOnce() {
    near.state = RegionState.DOWN;
    assertThat(order()).startsWith("mid");
    near.state = RegionState.RAMPING;
    near.share = 0.01;
    mid.state = RegionState.DOWN;
    far.state = RegionState.DOWN;

    assertThat(order()).startsWith("near");
    assertThat(regions.current().region().name()).isEqualTo("near");
  }

  @Test
  void drained_isNotThere_unlessThereIsNoOther() {
    regions.drain("near");
    assertThat(order()).containsExactly("mid", "far");
    assertThat(regions.current().region().name()).isEqualTo("mid");
    mid.state = RegionState.DOWN;
    far.state = RegionState.DOWN;
    assertThat(order()).containsExactly("mid", "far");
    regions.drain("mid");
    regions.drain("far");

    assertThat(order()).containsExactly("near", "mid", "far");
  }

  @Test
  void drainedWhileNoneAnswers_followsAnother() {
    Stream.of(near, mid, far).forEach(each -> each.state = RegionState.DOWN);
    regions.drain("near");

    assertThat(regions.current().region().name()).isEqualTo("mid");
  }

  @Test
  void undrained_isComeBackToByItsShare() {
    regions.drain("near");
    near.share = 0.01;
    regions.undrain("near");
    assertThat(regions.current().region().name()).isEqualTo("mid");
    near.state = RegionState.HEALTHY;

    assertThat(order()).startsWith("near");
  }

  @Test
  void unknownName_isRefusedWithThoseThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> regions.drain("moon"))
        .withMessage("region: moon (expected: one of [near, mid, far])");
    assertThatIllegalArgumentException().isThrownBy(() -> regions.undrain("moon"));
  }

  @Test
  void regions_areAtLeastOneAndDiffer() {
    assertThatIllegalArgumentException().isThrownBy(() -> real(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> real(List.of(region("near"), region("near"))))
        .withMessageContaining("near");
  }

  @Test
  void followers_hearOfEachSwitchOnce_inOrder() {
    var heard = new ArrayList<String>();
    regions.onSwitch(candidate -> heard.add(candidate.region().name()));
    near.state = RegionState.DOWN;
    assertThat(order()).startsWith("mid");
    assertThat(order()).startsWith("mid");
    near.state = RegionState.HEALTHY;
    assertThat(order()).startsWith("near");

    assertThat(heard).containsExactly("mid", "near");
  }

  @Test
  void statuses_sayHowEachIsDoing() {
    near.state = RegionState.DOWN;

    assertThat(regions.statuses(region -> 0))
        .containsExactly(
            new RegionStatus("users", "near", RegionState.DOWN, 0, false, 0),
            new RegionStatus("users", "mid", RegionState.HEALTHY, 1, true, 0),
            new RegionStatus("users", "far", RegionState.HEALTHY, 0, false, 0));
  }

  @Test
  void stateThatChanges_isHeededAtOnce_andToldBeforeTheSwitch() {
    var own = real(List.of(region("near"), region("far")));
    assertThat(names(own.order("key", time.nanos()))).startsWith("near");
    own.all().get(0).health().drain();

    assertThat(names(own.order("key", time.nanos()))).containsExactly("far");
    assertThat(told).containsExactly("users near HEALTHY DRAINED", "users near far");
  }

  @Test
  void listener_mayAskForTheOrder() {
    var own = new ArrayList<List<Candidate>>();
    regions.onSwitch(candidate -> own.add(regions.order("key", time.nanos())));
    near.state = RegionState.DOWN;

    assertThat(order()).startsWith("mid");
    assertThat(own).hasSize(1);
  }

  private Regions real(List<Region> all) {
    return Regions.of(
        "users", false, all, RegionPolicy.defaults(), listener(told), new Random(1), time);
  }

  private List<String> order() {
    time.advance(STEP);
    return names(list("key"));
  }

  private List<Candidate> list(String key) {
    if (key.length() == 1) {
      time.advance(STEP);
    }
    return regions.order(key, time.nanos());
  }

  private static List<String> names(List<Candidate> order) {
    return order.stream().map(candidate -> candidate.region().name()).toList();
  }
}
