package dev.tiercel.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final long ITEM = 5;
  private final Ledger ledger = new Ledger(List.of(ITEM, 6L));

  @Test
  void mismatch_generationBetweenAcknowledgedAndStarted_isNone() {
    write();
    var floor = ledger.acknowledged(ITEM);
    ledger.begin(ITEM);
    assertThat(floor).isEqualTo(2);
    assertThat(ledger.mismatch(ITEM, floor, Features.of(ITEM, 2))).isEmpty();
    assertThat(ledger.mismatch(ITEM, floor, Features.of(ITEM, 3))).isEmpty();
  }

  @Test
  void mismatch_olderThanAcknowledgedWhenTheReadBegan_isTold() {
    write();
    assertThat(ledger.mismatch(ITEM, ledger.acknowledged(ITEM), Features.of(ITEM, 1)))
        .contains("item 5: generation 1 (expected: generation 2 to 2)");
  }

  @Test
  void mismatch_acknowledgedAfterTheReadBegan_mayBeMissed() {
    var floor = ledger.acknowledged(ITEM);
    write();
    assertThat(ledger.mismatch(ITEM, floor, Features.of(ITEM, 1))).isEmpty();
  }

  @Test
  void mismatch_newerThanStarted_isTold() {
    assertThat(ledger.mismatch(ITEM, 1, Features.of(ITEM, 2)))
        .contains("item 5: generation 2 (expected: generation 1 to 1)");
  }

  @Test
  void mismatch_otherItemOrNothing_isTold() {
    assertThat(ledger.mismatch(ITEM, 1, Features.of(6, 1)))
        .contains("item 5: not a vector of this item (expected: generation 1 to 1)");
    assertThat(ledger.mismatch(ITEM, 1, null))
        .contains("item 5: absent (expected: generation 1 to 1)");
  }

  @Test
  void begin_writeOnItsWay_isRefused() {
    assertThat(ledger.begin(ITEM)).isEqualTo(2);
    assertThat(ledger.begin(ITEM)).isZero();
    ledger.acknowledge(ITEM, 2);
    assertThat(ledger.begin(ITEM)).isEqualTo(3);
  }

  @Test
  void fail_writeMayOrMayNotBeSeen() {
    ledger.fail(ITEM, ledger.begin(ITEM));
    assertThat(ledger.acknowledged(ITEM)).isEqualTo(1);
    assertThat(ledger.mismatch(ITEM, 1, Features.of(ITEM, 1))).isEmpty();
    assertThat(ledger.mismatch(ITEM, 1, Features.of(ITEM, 2))).isEmpty();
    assertThat(ledger.begin(ITEM)).isEqualTo(3);
  }

  private void write() {
    ledger.acknowledge(ITEM, ledger.begin(ITEM));
  }
}
