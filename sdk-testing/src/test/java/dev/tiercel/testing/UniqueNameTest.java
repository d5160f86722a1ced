package dev.tiercel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UniqueNameTest {

  @Test
  void of_sameStemTwice_twoLegalTableNames() {
    var first = UniqueName.of("orders");

    assertThat(first).matches("orders-[0-9a-f]{12}").isNotEqualTo(UniqueName.of("orders"));
  }
}
