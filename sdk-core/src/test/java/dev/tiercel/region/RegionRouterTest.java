package dev.tiercel.region;

import static dev.tiercel.region.FakeRegion.found;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RegionRouterTest {

  private final Given given = Given.two();
  private final List<Object> written = new ArrayList<>();
  private final Writes writes = new Writes() {
    @Override
    public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
      written.add(request);
      return CompletableFuture.completedFuture(new WriteResult(List.of()));
    }

    @Override
    public void tell(Mutation.Forget forget) {
      written.add(forget);
    }
  };
  private final RegionRouter router =
      new RegionRouter(given.routing(), given.reads, writes, given.time);

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
  void read_nobodyIsNewEnough_failsUnlessWhatIsBehindWillDo() {
    given.a.atOnce = found(1);
    given.b.atOnce = found(2);
    var request = Given.atLeast(3, "x");
    var deadline = Deadline.after(Given.DEADLINE, given.time);

    assertThat(Given.failure(router.read(request, context())))
        .hasMessageContaining("expected: at least 3");
    var behind = router.read(request, context(), deadline, (index, outcome) -> {}, true);
    assertThat(Given.version(behind)).isEqualTo(2);
  }

  @Test
  void look_remoteTier_isThatOfTheRegionThisProcessFollows() {
    given.follow(given.b);

    var looked = router.look(Tier.REMOTE, "x", context());
    given.b.looks.get(0).answer().complete(found(4));

    assertThat(looked.join().version()).isEqualTo(4);
  }

  @Test
  void look_source_isTheOneThatTakesTheWrites() {
    var home = new RegionRouter(
        given.writes(WritePolicy.home("b")).routing(), given.reads, writes, given.time);

    var looked = home.look(Tier.SOURCE, "x", context());
    given.b.looks.get(0).answer().complete(found(4));

    assertThat(looked.join().version()).isEqualTo(4);
  }

  @Test
  void write_andTell_areLeftToTheWriter() {
    var request = new WriteRequest("k", List.of(new Mutation.Forget("x", Duration.ZERO)));
    var forget = new Mutation.Forget("y", Duration.ZERO);

    assertThat(router.write(request, context())).isCompleted();
    router.tell(forget);

    assertThat(written).containsExactly(request, forget);
  }

  @Test
  void router_isAsItsCurrentRegionIs_butCanOnlyWhatAllCan() {
    assertThat(router.region()).isEqualTo("a");
    given.follow(given.b);
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
