package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * At the end calls on their way are answered; after it all are, and say that the backend is closed.
 */
interface CloseContract extends BackendTrial {

  @Test
  default void close_twice_isHarmless() {
    probe().backend().close();
    probe().backend().close();

    assertUnavailable(probe().read("key"));
  }

  @Test
  default void close_withoutAnyCall_isHarmless() {
    probe().backend().close();

    assertThat(probe().backend().capabilities()).isNotNull();
    assertThat(probe().backend().name()).isNotBlank();
    assertThat(probe().backend().region()).isNotNull();
  }

  @Test
  default void read_afterClose_failsUnavailable() {
    store(probe().keyspace(), "key", new byte[] {7});
    probe().backend().close();

    probe().readAll(List.of("key", "never there")).forEach(CloseContract::assertUnavailable);
    var leasing =
        ReadRequest.of(probe().keyspace(), List.of("key", "never there")).withLease(LONG);
    probe().read(leasing).forEach(CloseContract::assertUnavailable);
  }

  @Test
  default void write_afterClose_failsUnavailable() {
    probe().backend().close();
    var mutations = List.<Mutation>of(
        new Mutation.Put("key", value("value", 1), Condition.ALWAYS),
        new Mutation.Put("other", value("value", 1), Condition.IF_NEWER));
    var size = Math.min(mutations.size(), probe().backend().capabilities().maxWriteMutations());

    for (var outcome : probe().writeAll(mutations.subList(0, size))) {
      assertThat(outcome).isInstanceOf(WriteOutcome.Failed.class);
      var cause = ((WriteOutcome.Failed) outcome).cause();
      if (can(Feature.WRITE, Feature.IF_NEWER)) {
        assertThat(cause).isInstanceOf(Unavailable.class);
      } else {
        assertThat(cause).isInstanceOfAny(Unavailable.class, InvalidRequest.class);
      }
    }
  }

  @Test
  default void close_withCallsOnTheirWay_eachEnds() {
    store(probe().keyspace(), "key", new byte[] {7});
    var reads = new ArrayList<Supplier<List<ReadOutcome>>>();
    var writes = new ArrayList<Supplier<List<WriteOutcome>>>();
    for (var call = 1; call <= 8; call++) {
      reads.add(probe().sendRead(ReadRequest.of(probe().keyspace(), List.of("key"))));
      writes.add(probe()
          .sendWrite(
              List.of(new Mutation.Put("key" + call, value("value", call), Condition.ALWAYS))));
    }
    probe().backend().close();

    for (var read : reads) {
      assertThat(read.get().get(0))
          .satisfiesAnyOf(
              answered -> assertThat(answered).isInstanceOf(ReadOutcome.Found.class),
              CloseContract::assertUnavailable);
    }
    for (var write : writes) {
      if (write.get().get(0) instanceof WriteOutcome.Failed failed && can(Feature.WRITE)) {
        assertThat(failed.cause()).isInstanceOfAny(Unavailable.class, OutcomeUnknown.class);
      }
    }
  }

  private static void assertUnavailable(ReadOutcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            ReadOutcome.Failed.class,
            failed -> assertThat(failed.cause()).isInstanceOf(Unavailable.class));
  }
}
