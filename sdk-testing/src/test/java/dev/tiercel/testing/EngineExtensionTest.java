package dev.tiercel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.testing.engine.RedisReplicas;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.testkit.engine.EngineTestKit;

class EngineExtensionTest {
  /** The engines the classes below were given, one entry per test. */
  private static final List<RedisEngine> GIVEN = new CopyOnWriteArrayList<>();

  @BeforeEach
  void forget() {
    GIVEN.clear();
  }

  @Test
  void shared_twoClasses_getOneEngineWhichEndsWithTheRun() {
    run(3, SharesFirst.class, SharesSecond.class);

    assertThat(GIVEN).hasSize(3).allMatch(engine -> !engine.isRunning());
    assertThat(Set.copyOf(GIVEN)).hasSize(1);
  }

  @Test
  void own_testsThatKill_findItRunningAgain() {
    run(2, OwnsOne.class);

    assertThat(GIVEN).hasSize(2).allMatch(engine -> !engine.isRunning());
    assertThat(Set.copyOf(GIVEN)).hasSize(1);
  }

  @Test
  void own_fieldOfInstance_oneEnginePerTest() {
    run(2, OwnsOnePerTest.class);

    assertThat(GIVEN).hasSize(2).allMatch(engine -> !engine.isRunning());
    assertThat(Set.copyOf(GIVEN)).hasSize(2);
  }

  @Test
  void withReplicas_testsThatDetachThem_findThemInSyncAgain() {
    run(2, OwnsReplicas.class);

    assertThat(GIVEN).hasSize(6).allMatch(engine -> !engine.isRunning());
    assertThat(Set.copyOf(GIVEN)).hasSize(3);
  }

  private static void run(int tests, Class<?>... classes) {
    var selectors = Stream.of(classes).map(type -> selectClass(type)).toArray(ClassSelector[]::new);
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectors)
        .execute()
        .testEvents()
        .assertStatistics(statistics -> statistics.started(tests).succeeded(tests));
  }

  private static void given(RedisEngine redis) {
    assertThat(redis.isRunning()).isTrue();
    GIVEN.add(redis);
  }

  @ExtendWith(RedisExtension.class)
  static class SharesFirst {
    private final RedisEngine fromConstructor;

    SharesFirst(RedisEngine redis) {
      fromConstructor = redis;
    }

    @Test
    void one() {
      given(fromConstructor);
    }

    @Test
    void two(RedisEngine redis) {
      given(redis);
    }
  }

  @ExtendWith(RedisExtension.class)
  static class SharesSecond {
    @Test
    void three(RedisEngine redis) {
      given(redis);
    }
  }

  static class OwnsOne {
    @RegisterExtension
    static final RedisExtension OWN = RedisExtension.own();

    @Test
    void one(RedisEngine redis) {
      given(redis);
      redis.kill();
    }

    @Test
    void two(RedisEngine redis) {
      given(redis);
      redis.kill();
    }
  }

  static class OwnsReplicas {
    @RegisterExtension
    static final RedisExtension OWN = RedisExtension.withReplicas(2);

    @Test
    void one(RedisEngine redis, RedisReplicas replicas) {
      givenInSync(redis, replicas);
    }

    @Test
    void two(RedisEngine redis, RedisReplicas replicas) {
      givenInSync(redis, replicas);
    }

    private static void givenInSync(RedisEngine redis, RedisReplicas replicas) {
      assertThat(replicas.primary()).isSameAs(redis);
      given(redis);
      replicas.engines().forEach(EngineExtensionTest::given);
      replicas.awaitInSync();
      replicas.get(0).kill();
      replicas.get(1).pause();
    }
  }

  static class OwnsOnePerTest {
    @RegisterExtension
    final RedisExtension own = RedisExtension.own();

    @Test
    void one(RedisEngine redis) {
      given(redis);
    }

    @Test
    void two(RedisEngine redis) {
      given(redis);
    }
  }
}
