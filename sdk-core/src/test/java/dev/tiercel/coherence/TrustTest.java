package dev.tiercel.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrustTest {

  private final Trust trust = new Trust(true);

  @Test
  void withoutAFeed_nothingIsEverInterrupted() {
    var alone = new Trust(false);

    assertThat(Trust.isConnected(alone.current())).isTrue();
    assertThat(alone.noted()).isEqualTo(alone.current());
  }

  @Test
  void withAFeed_isNotConnectedAtFirst() {
    assertThat(Trust.isConnected(trust.current())).isFalse();
    assertThat(Trust.isUninterrupted(trust.current(), trust.current())).isFalse();
  }

  @Test
  void connected_nothingHappensSince_isUninterrupted() {
    trust.connected();

    assertThat(Trust.isConnected(trust.current())).isTrue();
    assertThat(Trust.isUninterrupted(trust.current(), trust.current())).isTrue();
    assertThat(trust.noted()).isEqualTo(trust.current());
  }

  @Test
  void interrupted_whatWasNotedBefore_isNotUninterrupted() {
    trust.connected();
    var noted = trust.current();
    trust.interrupted();

    assertThat(Trust.isUninterrupted(noted, trust.current())).isFalse();
    trust.connected();
    assertThat(Trust.isUninterrupted(noted, trust.current())).isFalse();
  }

  @Test
  void noted_whileNotConnected_isNeverCurrent() {
    var noted = trust.noted();

    assertThat(noted).isNotEqualTo(trust.current());
    assertThat(Trust.isConnected(noted)).isFalse();
    trust.connected();
    assertThat(Trust.isUninterrupted(noted, trust.current())).isFalse();
  }

  @Test
  void interruptedTwice_isInterruptedOnce() {
    trust.connected();
    trust.interrupted();
    var before = trust.current();
    trust.interrupted();

    assertThat(trust.current()).isEqualTo(before);
  }

  @Test
  void connectedTwice_wasInterruptedInBetween() {
    trust.connected();
    var noted = trust.current();
    trust.connected();

    assertThat(Trust.isConnected(trust.current())).isTrue();
    assertThat(Trust.isUninterrupted(noted, trust.current())).isFalse();
  }

  @Test
  void groupsChanged_changesTheNumberAndInterruptsNothing() {
    trust.connected();
    var noted = trust.current();
    trust.groupsChanged();

    assertThat(trust.current()).isNotEqualTo(noted);
    assertThat(Trust.isUninterrupted(noted, trust.current())).isTrue();
  }
}
