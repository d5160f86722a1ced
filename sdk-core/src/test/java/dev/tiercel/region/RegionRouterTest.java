package dev.tiercel.region;

import static dev.tiercel.region.FakeRegion.found;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Tier;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegionRouterTest {

  private final Given given = Given.two();
  private final RegionRouter router = router(WritePolicy.anywhere());

  private RegionRouter router(WritePolicy writes) {
    return new RegionRouter(
        "k",
        given.all().stream().map(Choice.Candidate::region).toList(),
        new RegionRouter.Policies(
            RegionPolicy.defaults(),
            RegionLoss.REMOTE,
            writes,
            false,
            Duration.ofMinutes(10),
            Duration.ofSeconds(10)),
        given.budget,
        given,
        new Random(1),
        given.time);
  }

  private CallContext context() {
    return CallContext.of(Deadline.after(Given.DEADLINE, given.time));
  }

  @Test
  void read_plain_goesThroughTheRegions() {
    var answer = router.read(Given.read("x"), context());
    given.a.read().fails(given.a.unavailable());
    given.b.read().found(2);

    assertThat(Given.version(answer)).isEqualTo(2);
  }

  @Test
  void look_remoteTier_isThatOfTheRegionThisProcessFollows() {
    router.drain("a");

    var looked = router.look(Tier.REMOTE, "x", context());
    given.b.looks.get(0).answer().complete(found(4));

    assertThat(looked.join().version()).isEqualTo(4);
  }

  @Test
  void look_source_isTheOneThatTakesTheWrites() {
    var home = router(WritePolicy.home("b"));

    var looked = home.look(Tier.SOURCE, "x", context());
    given.b.looks.get(0).answer().complete(found(4));

    assertThat(looked.join().version()).isEqualTo(4);
  }

  @Test
  void router_isAsItsCurrentRegionIs_butCanOnlyWhatAllCan() {
    assertThat(router.region()).isEqualTo("a");
    router.drain("a");
    assertThat(router.region()).isEqualTo("b");
    assertThat(router.name()).isEqualTo("fake");
    assertThat(router.loadTime()).isEqualTo(given.b.loadTime());
    assertThat(router.groups()).isNotNull();
    assertThat(router.capabilities().features()).containsExactly(Feature.VERSIONS);
    assertThat(router.capabilities().maxWriteMutations()).isEqualTo('a');
  }

  @Test
  void close_closesEveryRegion() {
    router.close();

    assertThat(given.a.closed).isTrue();
    assertThat(given.b.closed).isTrue();
  }
}
