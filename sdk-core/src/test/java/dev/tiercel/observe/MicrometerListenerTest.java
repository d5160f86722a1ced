package dev.tiercel.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.health.RegionState;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MicrometerListenerTest {

  private static final Path PAGE =
      Path.of("").toAbsolutePath().getParent().resolve("docs/metrics.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `(tiercel[\\w.]+)` \\| (\\w+) \\|([^|]*)\\|([^|]*)\\|[^|]*\\|");
  private static final Pattern WORD = Pattern.compile("`(\\w+)`");

  private static final Endpoint PRIMARY = Endpoint.primary("redis", "eu");
  private static final Endpoint REPLICA = Endpoint.replica("redis", "eu", 1);
  private final Unavailable lost = new Unavailable("lost", Where.NOWHERE, null);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MicrometerListener listener = new MicrometerListener(registry);

  @Test
  void attempts_areTimedByEndpointKindAndResult() {
    listener.onAttempt(PRIMARY, attempt(false, 3, 5, Attempt.Result.ANSWERED));
    listener.onAttempt(PRIMARY, attempt(false, 4, 7, Attempt.Result.ANSWERED));
    listener.onAttempt(PRIMARY, attempt(true, 1, 9, Attempt.Result.LATE));

    var reads = registry.get("tiercel.attempts").tags("kind", "read", "result", "answered");
    assertThat(reads.timer().count()).isEqualTo(2);
    assertThat(reads.timer().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(12);
    assertThat(
            registry.get("tiercel.attempts.keys").tag("kind", "read").counter().count())
        .isEqualTo(7);
    assertThat(registry
            .get("tiercel.attempts")
            .tags("backend", "redis", "region", "eu", "endpoint", "primary", "result", "late")
            .timer()
            .count())
        .isOne();
  }

  @Test
  void hedges_areCountedWithTheirKeys() {
    listener.onHedge(PRIMARY, REPLICA, 2);
    listener.onHedge(PRIMARY, REPLICA, 3);
    listener.onHedgeWon(REPLICA, 3);

    var hedges = registry
        .get("tiercel.hedges")
        .tags("slow", "primary", "endpoint", "replica-1")
        .summary();
    assertThat(hedges.count()).isEqualTo(2);
    assertThat(hedges.totalAmount()).isEqualTo(5);
    assertThat(registry.get("tiercel.hedges.won").summary().totalAmount()).isEqualTo(3);
  }

  @Test
  void refusalsAndRetries_sayWhy() {
    listener.onRefusal(PRIMARY, Refusal.HEDGE_BUDGET);
    listener.onRetry(PRIMARY, 4, new Throttled("slower", Where.NOWHERE, null));

    assertThat(registry
            .get("tiercel.refusals")
            .tag("reason", "hedge_budget")
            .counter()
            .count())
        .isOne();
    assertThat(
            registry.get("tiercel.retries").tag("cause", "Throttled").summary().totalAmount())
        .isEqualTo(4);
  }

  @Test
  void state_isTheOneItChangedTo() {
    listener.onState(PRIMARY, EndpointState.PROBING, EndpointState.HEALTHY);
    listener.onState(PRIMARY, EndpointState.HEALTHY, EndpointState.DOWN);

    for (var state : EndpointState.values()) {
      assertThat(registry
              .get("tiercel.endpoint.state")
              .tag("state", state.name().toLowerCase(Locale.ROOT))
              .gauge()
              .value())
          .isEqualTo(state == EndpointState.DOWN ? 1 : 0);
    }
    assertThat(registry
            .get("tiercel.endpoint.changes")
            .tags("from", "healthy", "to", "down")
            .counter()
            .count())
        .isOne();
  }

  @Test
  void regionState_isTheOneItChangedTo() {
    listener.onRegionState("users", "eu", RegionState.HEALTHY, RegionState.DOWN);
    listener.onRegionState("users", "eu", RegionState.DOWN, RegionState.PROBING);

    for (var state : RegionState.values()) {
      assertThat(registry
              .get("tiercel.region.state")
              .tags("keyspace", "users", "region", "eu")
              .tag("state", state.name().toLowerCase(Locale.ROOT))
              .gauge()
              .value())
          .isEqualTo(state == RegionState.PROBING ? 1 : 0);
    }
  }

  @Test
  void switchesAndDetours_sayFromWhereToWhere() {
    listener.onRegionSwitch("users", "eu", "us");
    listener.onDetour("users", "eu", "us", 3, Detour.SLOW);
    listener.onDetour("users", "eu", "us", 4, Detour.SLOW);

    assertThat(registry
            .get("tiercel.region.switches")
            .tags("keyspace", "users", "from", "eu", "to", "us")
            .counter()
            .count())
        .isOne();
    var detours = registry.get("tiercel.region.detours").tag("why", "slow").summary();
    assertThat(detours.count()).isEqualTo(2);
    assertThat(detours.totalAmount()).isEqualTo(7);
  }

  @Test
  void region_thatIsNone_isAWord() {
    listener.onRefusal(Endpoint.primary("memory", ""), Refusal.DOWN);

    assertThat(registry.get("tiercel.refusals").tag("region", "none").counter().count())
        .isOne();
  }

  @Test
  void probes_overtakenAlone_areTimed() {
    listener.onProbe(probe(ProbeResult.Verdict.SAME));
    assertThat(registry.find("tiercel.probes.overtaken").timer()).isNull();
    listener.onProbe(probe(ProbeResult.Verdict.OVERTAKEN));

    assertThat(registry
            .get("tiercel.probes.overtaken")
            .tag("tier", "local")
            .timer()
            .totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(20);
    assertThat(registry.get("tiercel.probes").tag("verdict", "same").counter().count())
        .isOne();
  }

  @Test
  void events_sayWhichKeyspaceAndTier() {
    tellAll();

    assertThat(registry
            .get("tiercel.unreadable")
            .tags("keyspace", "users", "tier", "remote", "reason", "payload")
            .counter()
            .count())
        .isOne();
    assertThat(registry
            .get("tiercel.tier.failures")
            .tags("keyspace", "users", "tier", "remote", "cause", "Unavailable")
            .counter()
            .count())
        .isOne();
    assertThat(registry
            .get("tiercel.source.loads")
            .tag("keyspace", "users")
            .summary()
            .max())
        .isEqualTo(8);
  }

  @Test
  void everyEvent_isHeard() {
    var heard = names(MicrometerListener.class);

    assertThat(names(ServingListener.class)).isNotEmpty().allMatch(heard::contains);
  }

  @Test
  void page_namesEveryMeterWithItsTypeUnitAndTags_andNoOther() throws IOException {
    tellAll();

    var page = ROW.matcher(Files.readString(PAGE))
        .results()
        .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3).strip() + " "
            + WORD.matcher(row.group(4))
                .results()
                .map(word -> word.group(1))
                .collect(Collectors.toCollection(TreeSet::new)))
        .toList();
    var registered = registry.getMeters().stream()
        .map(MicrometerListenerTest::described)
        .distinct()
        .toList();
    assertThat(page).containsExactlyInAnyOrderElementsOf(registered);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ServingListener", "SafeListener", "Attempt", "Refusal", "ProbeResult"})
  void otherType_needsNoMicrometer(String type) throws Exception {
    var loader = new WithoutMicrometer(MicrometerListenerTest.class.getClassLoader());
    var loaded = Class.forName("dev.tiercel.observe." + type, true, loader);

    assertThat(loaded.getClassLoader()).isSameAs(loader);
    assertThat(loaded.getDeclaredMethods()).isNotEmpty();
    assertThatThrownBy(() -> Class.forName(MicrometerListener.class.getName(), true, loader)
            .getDeclaredConstructors())
        .isInstanceOf(NoClassDefFoundError.class);
  }

  private void tellAll() {
    listener.onUnreadable("users", Tier.REMOTE, "payload");
    listener.onTierFailure("users", Tier.REMOTE, lost);
    listener.onFillRefused("users", Tier.LOCAL);
    listener.onSourceLoad("users", 8);
    listener.onProbe(probe(ProbeResult.Verdict.OVERTAKEN));
    listener.onProbeFailure("users", lost);
    listener.onAttempt(PRIMARY, attempt(false, 1, 1, Attempt.Result.FAILED));
    listener.onRefusal(PRIMARY, Refusal.LIMIT);
    listener.onRetry(PRIMARY, 1, lost);
    listener.onHedge(PRIMARY, REPLICA, 1);
    listener.onHedgeWon(REPLICA, 1);
    listener.onState(PRIMARY, EndpointState.PROBING, EndpointState.HEALTHY);
    listener.onRegionState("users", "eu", RegionState.HEALTHY, RegionState.DOWN);
    listener.onRegionSwitch("users", "eu", "us");
    listener.onDetour("users", "eu", "us", 1, Detour.FAILED);
  }

  private static String described(Meter meter) {
    var id = meter.getId();
    var type = switch (id.getType()) {
      case DISTRIBUTION_SUMMARY -> "summary";
      default -> id.getType().name().toLowerCase(Locale.ROOT);
    };
    // The registry chooses the unit of its timers.
    var unit = type.equals("timer") ? "seconds" : id.getBaseUnit();
    var tags =
        id.getTags().stream().map(Tag::getKey).collect(Collectors.toCollection(TreeSet::new));
    return id.getName() + " " + type + " " + (unit == null ? "" : unit) + " " + tags;
  }

  private static Set<String> names(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .map(method -> method.getName() + List.of(method.getParameterTypes()))
        .filter(name -> name.startsWith("on"))
        .collect(Collectors.toSet());
  }

  private static Attempt attempt(boolean write, int keys, int millis, Attempt.Result result) {
    return new Attempt(write, 1, keys, Duration.ofMillis(millis), result);
  }

  private static ProbeResult probe(ProbeResult.Verdict verdict) {
    return new ProbeResult("users", Tier.LOCAL, Staleness.FRESH, verdict, Duration.ofMillis(20));
  }

  /** Loads this package anew, as if Micrometer were not there. */
  private static final class WithoutMicrometer extends ClassLoader {

    WithoutMicrometer(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.micrometer.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("dev.tiercel.observe.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        var loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (var file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (file == null) {
          throw new ClassNotFoundException(name);
        }
        var bytes = file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }
}
