package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Tier;
import dev.tiercel.testing.StagedBackend.Point;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A copy in the remote tier from before its group was expired is a missing one: it is loaded once,
 * under a lease, and replaced.
 */
class DeadCopyTest {

  private final Rig rig = new Rig();
  private final Keyspace<String, String> first = process();
  private final Keyspace<String, String> second = process();

  @BeforeEach
  void expireTheGroupOfACopy() {
    rig.writeAtSource("key", "old", 1);
    assertThat(process().get("key")).isEqualTo("old");
    rig.writeAtSource("key", "new", 2);
    first.expireGroup("group");
    assertThat(rig.remoteValue("key")).isEqualTo("old");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void firstReader_loadsItAndTheNextOneFindsItInTheRemoteTier() {
    assertThat(first.getEntry("key").tier()).isEqualTo(Tier.SOURCE);
    assertThat(rig.remoteValue("key")).isEqualTo("new");

    assertThat(second.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("new");
      assertThat(entry.tier()).isEqualTo(Tier.REMOTE);
    });
    assertThat(loads()).isEqualTo(1);
  }

  @Test
  void readersInManyProcesses_shareOneLoad() {
    var load = rig.source.holdReads(Point.REQUEST);
    var readers = Stream.generate(this::process)
        .limit(5)
        .map(process -> process.async().get("key"))
        .toList();
    assertThat(readers).noneMatch(CompletableFuture::isDone);
    load.release();

    assertThat(readers).allSatisfy(reader -> assertThat(reader).isCompletedWithValue("new"));
    assertThat(loads()).isEqualTo(1);
  }

  @Test
  void readerWhoStillHasTheOldCopyInItsHands_doesNotTakeTheFreshOneAway() {
    var answer = rig.remote.holdReads(Point.ANSWER);
    var late = second.async().getEntry("key");
    rig.remote.pass();
    assertThat(first.get("key")).isEqualTo("new");
    answer.release();

    assertThat(late).isCompleted();
    assertThat(late.join().value()).isEqualTo("new");
    assertThat(late.join().tier()).isEqualTo(Tier.REMOTE);
    assertThat(rig.remoteValue("key")).isEqualTo("new");
    assertThat(loads()).isEqualTo(1);
  }

  /** How often the key was loaded since its group was expired. */
  private long loads() {
    return rig.source.keysRead().size() - 1L;
  }

  private Keyspace<String, String> process() {
    return rig.process(spec -> spec.groups((key, value) -> Set.of("group")));
  }
}
