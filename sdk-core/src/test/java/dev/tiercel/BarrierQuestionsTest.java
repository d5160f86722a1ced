package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Staleness;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Barriers that cannot be asked for are asked for again, by one at a time, until the end. */
class BarrierQuestionsTest {

  private static final Duration RETRY = Duration.ofMillis(200);

  private final Rig rig = new Rig();
  private final MoodyFeed moody = new MoodyFeed(rig.remote);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void closed_nothingMoreIsAsked() {
    follow();
    rig.time.advance(RETRY);
    assertThat(moody.asked).isEqualTo(2);
    rig.close();
    rig.time.advance(Duration.ofSeconds(10));

    assertThat(moody.asked).isEqualTo(2);
    assertThat(rig.time.pendingTimers()).isZero();
  }

  @Test
  void manyGroupsChangeMeanwhile_oneAsksAgain() {
    moody.fails = false;
    var process = follow();
    assertThat(process.getEntry("key").staleness()).isEqualTo(Staleness.FRESH);
    moody.fails = true;
    for (var group = 0; group < 5; group++) {
      rig.keyspace.expireGroup("group" + group);
    }
    assertThat(moody.asked).isEqualTo(6);
    assertThat(process.getEntry("key").staleness()).isEqualTo(Staleness.SUSPECT);
    assertThat(rig.time.pendingTimers()).isEqualTo(1);

    rig.time.advance(RETRY);
    assertThat(moody.asked).isEqualTo(7);
    moody.fails = false;
    rig.time.advance(RETRY);
    assertThat(moody.asked).isEqualTo(8);
    rig.time.advance(Duration.ofSeconds(10));
    assertThat(moody.asked).isEqualTo(8);
  }

  @Test
  void groupsChangeWhileItIsAskedForInOrderToTrust_thatOneAsksAgain() {
    follow();
    rig.keyspace.expireGroup("group");
    assertThat(moody.asked).isEqualTo(2);

    rig.time.advance(RETRY);
    assertThat(moody.asked).isEqualTo(3);
    assertThat(rig.time.pendingTimers()).isEqualTo(1);
  }

  @Test
  void interruptedMeanwhile_onlyTheNewConnectionAsksAgain() {
    follow();
    rig.remote.cutFeed();
    rig.remote.restoreFeed();
    assertThat(moody.asked).isEqualTo(2);

    rig.time.advance(RETRY);
    assertThat(moody.asked).isEqualTo(3);
  }

  private Keyspace<String, String> follow() {
    rig.writeAtSource("key", "value", 1);
    var process = rig.process(spec -> spec.remote(moody));
    assertThat(process.get("key")).isEqualTo("value");
    return process;
  }
}
