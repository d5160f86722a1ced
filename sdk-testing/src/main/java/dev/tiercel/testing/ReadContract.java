package dev.tiercel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reads: one outcome per key in order, and what was stored byte for byte. */
interface ReadContract extends BackendTrial {

  @Test
  default void read_unknownKey_isAbsent() {
    var absent = probe().absent("nothing");

    assertThat(absent.tombstone()).isNull();
    assertThat(absent.lease()).isEqualTo(Lease.NONE);
    assertThat(absent.unreadable()).isNull();
    assertThat(absent.version()).isZero();
  }

  @Test
  default void read_asManyKeysAsAllowed_answersEachInOrder() {
    var keys = IntStream.range(0, Math.min(probe().backend().capabilities().maxReadKeys(), 1000))
        .mapToObj(i -> "key" + i)
        .toList();
    for (var i = 0; i < keys.size(); i += 13) {
      store(probe().keyspace(), keys.get(i), bytes(keys.get(i)));
    }

    var outcomes = probe().readAll(keys);

    for (var i = 0; i < keys.size(); i++) {
      if (i % 13 == 0) {
        assertThat(outcomes.get(i)).isInstanceOf(ReadOutcome.Found.class);
        assertThat(((ReadOutcome.Found) outcomes.get(i)).entry().payload())
            .isEqualTo(bytes(keys.get(i)));
      } else {
        assertThat(outcomes.get(i)).isInstanceOf(ReadOutcome.Absent.class);
      }
    }
  }

  @Test
  default void read_anyBytes_comeBackAsTheyWere() {
    var all = new byte[256];
    for (var i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    var large = new byte[Math.min(probe().backend().capabilities().maxValueBytes(), 256 << 10)];
    new Random(1).nextBytes(large);
    var payloads = List.of(all, new byte[0], new byte[1], large);

    for (var i = 0; i < payloads.size(); i++) {
      store(probe().keyspace(), "key" + i, payloads.get(i));
    }

    for (var i = 0; i < payloads.size(); i++) {
      assertThat(probe().found("key" + i).payload()).isEqualTo(payloads.get(i));
    }
  }

  @Test
  default void read_keysOfAnyText_areDifferentKeys() {
    var longest = Math.min(probe().backend().capabilities().maxKeyBytes(), 4096);
    var keys = List.of(
        "a",
        "A",
        " ",
        "a b",
        " a",
        "a ",
        "a\tb",
        "a\r\nb",
        "a\0b",
        "{a}b}",
        "{a}",
        "}{",
        "a:b",
        ":",
        "::",
        "a%3Ab",
        "%",
        "*",
        "?",
        "[a]",
        "\\",
        "'",
        "\"",
        "#a",
        "$a",
        "é",
        "e\u0301",
        "ключ",
        "鍵",
        "\uD83D\uDD11",
        "k".repeat(longest),
        "é".repeat(longest / 2));
    keys.forEach(key -> store(probe().keyspace(), key, bytes("of " + key)));

    var outcomes = readInParts(keys);

    for (var i = 0; i < keys.size(); i++) {
      assertThat(outcomes.get(i)).as("key %s", i).isInstanceOf(ReadOutcome.Found.class);
      assertThat(((ReadOutcome.Found) outcomes.get(i)).entry().payload())
          .isEqualTo(bytes("of " + keys.get(i)));
    }
  }

  @Test
  default void read_ofAnotherKeyspace_findsItsOwnKeysOnly() {
    var one = probe();
    var other = probe().in(probe().keyspace() + ":b");
    store(one.keyspace(), "b:c", bytes("one"));

    if (keepsKeyspacesApart()) {
      assertThat(other.absent("c").tombstone()).isNull();
      assertThat(other.absent("b:c").tombstone()).isNull();
      store(other.keyspace(), "c", bytes("other"));
      store(other.keyspace(), "b:c", bytes("another"));
      assertThat(other.found("c").payload()).isEqualTo(bytes("other"));
      assertThat(other.found("b:c").payload()).isEqualTo(bytes("another"));
      assertThat(one.found("b:c").payload()).isEqualTo(bytes("one"));
      assertThat(one.absent("c").tombstone()).isNull();
    } else {
      assertThat(other.found("b:c").payload()).isEqualTo(bytes("one"));
    }
  }

  @Test
  default void read_consistently_seesWhatWasJustStored_orIsRefused() {
    var request =
        ReadRequest.of(probe().keyspace(), List.of("key")).withFreshness(Freshness.CONSISTENT);
    store(probe().keyspace(), "key", bytes("value"));

    var outcome = probe().read(request).get(0);

    if (can(Feature.CONSISTENT_READS)) {
      assertThat(outcome).isInstanceOf(ReadOutcome.Found.class);
    } else {
      BackendTrial.assertRefused(outcome);
    }
  }

  private List<ReadOutcome> readInParts(List<String> keys) {
    var part = Math.min(keys.size(), probe().backend().capabilities().maxReadKeys());
    var outcomes = new ArrayList<ReadOutcome>();
    for (var from = 0; from < keys.size(); from += part) {
      outcomes.addAll(probe().readAll(keys.subList(from, Math.min(from + part, keys.size()))));
    }
    return outcomes;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
