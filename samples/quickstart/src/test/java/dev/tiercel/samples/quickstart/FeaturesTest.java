package dev.tiercel.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FeaturesTest {

  @Test
  void generation_ownVector_isTold() {
    assertThat(Features.generation(5, Features.of(5, 3))).isEqualTo(3);
    assertThat(Features.generation(5, Features.of(5, Features.MAX_GENERATION)))
        .isEqualTo(Features.MAX_GENERATION);
  }

  @Test
  void generation_anythingElse_isNone() {
    var damaged = Features.of(5, 3);
    damaged[Features.LENGTH - 1] = Float.NaN;
    var relabelled = Features.of(5, 3);
    relabelled[0] = 4;
    assertThat(Features.generation(5, Features.of(6, 3))).isZero();
    assertThat(Features.generation(5, damaged)).isZero();
    assertThat(Features.generation(5, relabelled)).isZero();
    assertThat(Features.generation(5, new float[Features.LENGTH])).isZero();
    assertThat(Features.generation(5, new float[0])).isZero();
    assertThat(Features.generation(5, null)).isZero();
  }
}
