package dev.tiercel.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.error.Overloaded;
import dev.tiercel.testing.BackendProbe;
import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InMemoryBackendTest {

  private static final Duration LEASE = Duration.ofSeconds(5);

  private final FakeTime time = new FakeTime();

  @Test
  void store_full_refusesNewDataAndKeepsTheOld() {
    var store = probe(Backends.inMemoryStore(3_000, time));
    stored(store, "a", 1_000, 0);
    stored(store, "b", 1_000, 0);

    assertOverloaded(put(store, "c", 1_000, 0));
    assertThat(store.read("c")).isInstanceOf(ReadOutcome.Absent.class);
    assertThat(store.found("a").size()).isEqualTo(1_000);
    assertThat(store.found("b").size()).isEqualTo(1_000);
    // Where the refused entry would have replaced another, that one stays.
    assertOverloaded(put(store, "b", 2_000, 0));
    assertThat(store.found("b").size()).isEqualTo(1_000);
  }

  @Test
  void store_fullThenForgotten_hasRoomAgain() {
    var store = probe(Backends.inMemoryStore(3_000, time));
    stored(store, "a", 1_000, 0);
    stored(store, "b", 1_000, 0);
    store.forget("a", Duration.ZERO);

    stored(store, "c", 1_000, 0);
    stored(store, "c", 500, 0);
    stored(store, "d", 300, 0);
  }

  @Test
  void store_fullOfWhatHasExpired_sweepsItOut() {
    var store = probe(Backends.inMemoryStore(3_000, time));
    stored(store, "a", 1_000, time.millis() + 10);
    stored(store, "b", 1_000, 0);
    assertOverloaded(put(store, "c", 1_000, 0));

    time.advance(Duration.ofMillis(10));
    stored(store, "c", 1_000, time.millis() + 20);
    assertOverloaded(put(store, "d", 1_000, 0));

    time.advance(Duration.ofMillis(20));
    stored(store, "d", 1_000, 0);
    assertThat(store.found("b").size()).isEqualTo(1_000);
  }

  @Test
  void store_leasesOfMissingKeys_areBoundedToo() {
    var store = probe(Backends.inMemoryStore(2_000, time));
    var granted = IntStream.range(0, 1_000)
        .filter(i -> store.lease("key" + i, LEASE).granted())
        .count();

    assertThat(granted).isBetween(1L, 15L);
    assertThat(store.lease("another", LEASE)).isEqualTo(Lease.NONE);
    assertOverloaded(put(store, "another", 1, 0));

    time.advance(LEASE);
    stored(store, "another", 1_000, 0);
    assertThat(store.lease("key999", LEASE).granted()).isTrue();
  }

  @Test
  void store_holdOffThatDoesNotFit_isRefusedRatherThanForgotten() {
    var store = probe(Backends.inMemoryStore(1_200, time));
    stored(store, "a", 1_000, 0);

    assertOverloaded(store.forget("b", LEASE));
    assertThat(store.forget("a", LEASE)).isEqualTo(new WriteOutcome.Stored(0));
    assertThat(store.lease("a", LEASE).granted()).isFalse();
  }

  @Test
  void store_sweptWhileAHoldOffIsInForce_keepsIt() {
    var store = probe(Backends.inMemoryStore(1_000, time));
    store.forget("held", LEASE);
    stored(store, "a", 500, time.millis() + 10);
    time.advance(Duration.ofMillis(10));
    stored(store, "b", 500, 0);

    assertThat(store.lease("held", LEASE).granted()).isFalse();
  }

  @Test
  void store_writtenByManyThreads_staysWithinItsBound() throws Exception {
    var store = probe(Backends.inMemoryStore(10_000, time));
    var threads = Executors.newFixedThreadPool(4);
    try {
      var writers = IntStream.range(0, 4)
          .<Callable<Long>>mapToObj(thread -> () -> IntStream.range(0, 100)
              .filter(
                  i -> put(store, "key-" + thread + "-" + i, 800, 0) instanceof WriteOutcome.Stored)
              .count())
          .toList();
      var stored = 0L;
      for (var writer : threads.invokeAll(writers)) {
        stored += writer.get();
      }
      assertThat(stored).isEqualTo(10);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void fill_olderThanTheExpiredValueStillThere_isRefused() {
    var store = probe(Backends.inMemoryStore(10_000, time));
    var expired = new EncodedEntry(new byte[1], 1, 0, 5, 0, 0, time.millis() - 1);
    store.put("key", expired, Condition.ALWAYS);
    var token = store.lease("key", LEASE).token();

    // A lagging replica's answer: what the cache has once seen is newer.
    assertThat(store.fill("key", EncodedEntry.plain(new byte[1]).withVersion(4), token))
        .isEqualTo(new WriteOutcome.Rejected(5));
    assertThat(store.fill("key", EncodedEntry.plain(new byte[1]).withVersion(5), token))
        .isEqualTo(new WriteOutcome.Stored(5));
  }

  @Test
  void negativeEntry_isBeatenByAPutWithoutAVersion() {
    var cache = probe(Backends.inMemoryCache(10_000, time));
    var unversioned = EncodedEntry.plain(new byte[1]);
    for (var condition : List.of(Condition.IF_NEWER, Condition.IF_ABSENT)) {
      var key = condition.toString();
      cache.fill(key, EncodedEntry.tombstone(0, 0, 0), cache.lease(key, LEASE).token());

      assertThat(cache.put(key, unversioned, condition)).isEqualTo(new WriteOutcome.Stored(0));
      assertThat(cache.put(key, unversioned, condition)).isEqualTo(new WriteOutcome.Rejected(0));
    }
  }

  @Test
  void store_fullOfWhatWasForgotten_sweepsItOut() {
    var store = probe(Backends.inMemoryStore(1_000, time));
    for (var i = 0; i < 7; i++) {
      stored(store, "key" + i, 1, 0);
      store.forget("key" + i, Duration.ZERO);
    }

    stored(store, "another", 800, 0);
  }

  @Test
  void lease_copyFarInThePastOrTheFuture_isOfSomeAge() {
    var cache = probe(Backends.inMemoryCache(10_000, time));
    var future = entry(1).withTimes(Long.MAX_VALUE, 0, 0);
    cache.put("future", future, Condition.ALWAYS);
    cache.put("unknown", entry(1), Condition.ALWAYS);
    var young = new Freshness(0, Duration.ofMillis(1));

    assertThat(cache.readOne(leasing(cache, "future", young)))
        .isInstanceOf(ReadOutcome.Found.class);
    assertThat(cache.readOne(leasing(cache, "unknown", Freshness.ANY)))
        .isInstanceOf(ReadOutcome.Found.class);
    assertThat(cache.lease(leasing(cache, "unknown", young)).granted()).isTrue();
  }

  @Test
  void lease_copyExactlyAsOldAsWanted_isNotGranted() {
    var cache = probe(Backends.inMemoryCache(10_000, time));
    cache.put("key", entry(1).withTimes(time.millis() - 10, 0, 0), Condition.ALWAYS);
    var young = new Freshness(0, Duration.ofMillis(10));
    assertThat(cache.readOne(leasing(cache, "key", young))).isInstanceOf(ReadOutcome.Found.class);

    time.advance(Duration.ofMillis(1));

    assertThat(cache.lease(leasing(cache, "key", young)).granted()).isTrue();
  }

  @Test
  void lease_overACopyInAFullStore_isGranted() {
    var store = probe(Backends.inMemoryStore(400, time));
    stored(store, "key", 200, 0);
    var newer = new Freshness(2, Freshness.ANY.maxAge());

    // A lease over a copy takes no room of its own.
    assertThat(store.lease(leasing(store, "key", newer)).granted()).isTrue();
    assertThat(store.lease("another", LEASE)).isEqualTo(Lease.NONE);
    assertThat(store.found("key").version()).isEqualTo(1);
  }

  @Test
  void cache_full_evictsInsteadOfRefusing() {
    var cache = probe(Backends.inMemoryCache(10_000, time));
    for (var i = 0; i < 100; i++) {
      stored(cache, "key" + i, 1_000, 0);
    }

    var kept = IntStream.range(0, 100)
        .filter(i -> cache.read("key" + i) instanceof ReadOutcome.Found)
        .count();
    assertThat(kept).isBetween(1L, 9L);
  }

  @Test
  void lease_longerThanTimeCanTell_isGranted() {
    var store = probe(Backends.inMemoryStore(10_000, time));

    assertThat(store.lease("key", Duration.ofSeconds(Long.MAX_VALUE)).granted()).isTrue();
    assertThat(store.forget("held", Duration.ofSeconds(Long.MAX_VALUE)))
        .isEqualTo(new WriteOutcome.Stored(0));
    assertThat(store.lease("held", LEASE).granted()).isFalse();
  }

  private BackendProbe probe(Backend backend) {
    return new BackendProbe(backend, "k", time);
  }

  private static ReadRequest leasing(BackendProbe backend, String key, Freshness freshness) {
    return backend.request(key).withFreshness(freshness).withLease(LEASE);
  }

  private static EncodedEntry entry(long version) {
    return EncodedEntry.plain(new byte[1]).withVersion(version);
  }

  private static WriteOutcome put(BackendProbe backend, String key, int bytes, long expiryMillis) {
    return backend.put(
        key, new EncodedEntry(new byte[bytes], 1, 0, 1, 0, 0, expiryMillis), Condition.ALWAYS);
  }

  private static void stored(BackendProbe backend, String key, int bytes, long expiryMillis) {
    assertThat(put(backend, key, bytes, expiryMillis)).isEqualTo(new WriteOutcome.Stored(1));
  }

  private static void assertOverloaded(WriteOutcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            WriteOutcome.Failed.class,
            failed -> assertThat(failed.cause())
                .isInstanceOf(Overloaded.class)
                .hasMessageStartingWith("bytes: ")
                .hasMessageContaining("expected: "));
  }
}
