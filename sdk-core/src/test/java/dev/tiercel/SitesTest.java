package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.region.WritePolicy;
import dev.tiercel.testing.FakeTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which regions of a keyspace fit together. */
class SitesTest {

  private static Backend in(String region) {
    return new ForwardingBackend(Backends.inMemoryStore(1 << 20, new FakeTime())) {
      @Override
      public String region() {
        return region;
      }
    };
  }

  private static KeyspaceSpec.Builder<String, String> spec() {
    return KeyspaceSpec.builder("features", KeyFormat.string(), Codecs.utf8());
  }

  @Test
  void of_sourcesAndCachesInTheSameRegions_standTogether() {
    var eastCache = in("east");
    var westSource = in("west");
    var sites = Sites.of(List.of(in("east"), westSource), List.of(in("west"), eastCache));

    assertThat(sites.names()).containsExactly("east", "west");
    assertThat(sites.all().get(0).remote()).isSameAs(eastCache);
    assertThat(sites.nearestTo("west").all().get(0).source()).isSameAs(westSource);
    assertThat(sites.nearestTo("north").names()).containsExactly("east", "west");
  }

  @Test
  void of_oneSource_servesTheCachesOfEveryRegion() {
    var source = in("");
    var sites = Sites.of(List.of(source), List.of(in("east"), in("west")));

    assertThat(sites.names()).containsExactly("east", "west");
    assertThat(sites.all()).allMatch(site -> site.source() == source);
  }

  @Test
  void of_aRegionWithoutACache_goesWithoutOne() {
    var sites = Sites.of(List.of(in("east"), in("west")), List.of(in("east")));

    assertThat(sites.all().get(1).remote()).isNull();
  }

  @Test
  void build_whatDoesNotFitTogether_isRefused() {
    assertRefused(
        spec().sourceIn(List.of(in("east"), in("east"))).writes(WritePolicy.anywhere()),
        "source: two in region east");
    assertRefused(
        spec().sourceIn(List.of(in("east"), in(""))).writes(WritePolicy.anywhere()),
        "region: empty");
    assertRefused(
        spec()
            .sourceIn(List.of(in("east"), in("west")))
            .remoteIn(List.of(in("north")))
            .writes(WritePolicy.anywhere()),
        "remote: in north");
    assertRefused(
        spec().sourceIn(List.of(in("east"), in("west"))).writes(WritePolicy.home("north")),
        "writes: home in north");
    assertRefused(spec().sourceIn(List.of(in("east"), in("west"))), "writes: nothing said");
    assertRefused(spec(), "source: none");
  }

  private static void assertRefused(KeyspaceSpec.Builder<String, String> spec, String why) {
    assertThatIllegalStateException().isThrownBy(spec::build).withMessageContaining(why);
  }
}
