package dev.tiercel.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FencesTest {

  @Test
  void raise_changesTheFenceOfTheKey() {
    var fences = new Fences();
    var before = fences.current("key");
    fences.raise("key");

    assertThat(fences.current("key")).isNotEqualTo(before);
  }

  @Test
  void equalKeys_shareAFence() {
    var fences = new Fences();
    fences.raise(new String("key"));

    assertThat(fences.current(new String("key"))).isEqualTo(1);
  }

  @Test
  void neighbouringKeys_mostlyHaveFencesOfTheirOwn() {
    var fences = new Fences();
    var touched = new HashSet<Long>();
    LongStream.range(0, 1000).forEach(key -> fences.raise(key));
    LongStream.range(0, 1000).filter(key -> fences.current(key) == 1).forEach(touched::add);

    assertThat(touched).hasSizeGreaterThan(700);
  }
}
