package dev.tiercel.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyNamesTest {

  @Test
  void names_areAsDocumented() {
    assertThat(new String(KeyNames.value("users", "4:é"), UTF_8)).isEqualTo("{users:4:é}");
    assertThat(new String(KeyNames.lease("users", "4:é"), UTF_8)).isEqualTo("lease:{users:4:é}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "}", "{", "{}", "}{", "{a}b}", "a}b", "lease:{users:key}"})
  void valueAndLease_shareAClusterSlot(String key) {
    for (var keyspace : List.of("users", "}", "{", "a:b")) {
      assertThat(SlotHash.getSlot(KeyNames.lease(keyspace, key)))
          .isEqualTo(SlotHash.getSlot(KeyNames.value(keyspace, key)));
      assertThat(SlotHash.getSlot(KeyNames.wake(keyspace, key)))
          .isEqualTo(SlotHash.getSlot(KeyNames.value(keyspace, key)));
    }
  }

  @Test
  void names_ofDifferentKeys_areDifferent() {
    assertThat(List.of(
            KeyNames.value("a", "b:c"),
            KeyNames.value("a:b", "c"),
            KeyNames.value("a%3Ab", "c"),
            KeyNames.value("a{", "c"),
            KeyNames.value("a}", "c"),
            KeyNames.lease("a", "b:c"),
            KeyNames.lease("a:b", "c")))
        .doesNotHaveDuplicates();
  }

  @Test
  void changed_readsTheNamesOfEnvelopesWakesAndClocks_andNoOthers() {
    for (var keyspace : List.of("users", "a:b", "}", "{%", "")) {
      var escaped = KeyNames.escaped(keyspace);
      for (var key : List.of("key", "", "}", "a:b", "{x}", "clock:{y:}")) {
        assertThat(KeyNames.changed(new String(KeyNames.value(keyspace, key), UTF_8)))
            .isEqualTo(new KeyNames.Changed(escaped, key, false));
        assertThat(KeyNames.changed(new String(KeyNames.wake(keyspace, key), UTF_8)))
            .isEqualTo(new KeyNames.Changed(escaped, key, true));
      }
      assertThat(KeyNames.changed(new String(KeyNames.clock(keyspace), UTF_8)))
          .isEqualTo(new KeyNames.Changed(escaped, null, false));
      assertThat(KeyNames.changed(new String(KeyNames.lease(keyspace, "key"), UTF_8)))
          .isNull();
      assertThat(KeyNames.changed(new String(KeyNames.groups(keyspace), UTF_8))).isNull();
    }
    for (var other : List.of(
        "", "{", "}", "{users:key", "users:key}", "clock:{", "clock:{a:b}", "wake:{", "wake:{a")) {
      assertThat(KeyNames.changed(other)).as(other).isNull();
    }
  }
}
