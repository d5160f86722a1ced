package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.tier.TtlPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a replica answers may be older than what the feed has told already. */
class ReplicaAnswersTest {

  /** A backend every value of which comes from a replica. */
  private static final class Lagging extends ForwardingBackend {
    final List<String> keysRead = new ArrayList<>();

    Lagging(Backend delegate) {
      super(delegate);
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      keysRead.addAll(request.keys());
      return super.read(request, context)
          .thenApply(result -> new ReadResult(
              result.outcomes().stream().map(Lagging::ofReplica).toList(), result.barriers()));
    }

    private static ReadOutcome ofReplica(ReadOutcome outcome) {
      return outcome instanceof ReadOutcome.Found found
          ? new ReadOutcome.Found(found.entry(), found.origin().ofReplica())
          : outcome;
    }
  }

  /** A source that loses sight of its keys, as one does that has not received them yet. */
  private static final class Forgetful extends ForwardingBackend {
    boolean knowsNothing;

    Forgetful(Backend delegate) {
      super(delegate);
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      var absent = ReadOutcome.Absent.unknown(Origin.source("elsewhere").ofReplica());
      return knowsNothing
          ? CompletableFuture.completedFuture(new ReadResult(List.of(absent)))
          : super.read(request, context);
    }
  }

  @Test
  void absenceElsewhere_takesNothingFromThisProcess() {
    var source = new Forgetful(Backends.inMemoryStore(1 << 20, new FakeTime()));
    try (var rig =
        new Rig(source, spec -> spec.ttls(TtlPolicy.defaults().negative(Duration.ZERO)))) {
      rig.writeAtSource("key", "value", 7);
      assertThat(rig.keyspace.get("key")).isEqualTo("value");

      source.knowsNothing = true;
      rig.time.advance(Duration.ofSeconds(1));
      var fresher = ReadOptions.defaults().maxStaleness(Duration.ofMillis(10));
      assertThat(rig.keyspace.get("key", fresher)).isEqualTo("value");

      assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.LOCAL);
    }
  }

  @Test
  void answerOfTheRemoteTiersReplica_isServedButNotKeptInThisProcess() {
    var time = new FakeTime();
    var cache = Backends.inMemoryCache(1 << 20, time);
    var store = Backends.inMemoryStore(1 << 20, time);
    var lagging = new Lagging(cache);
    try (var writer = client(time);
        var reader = client(time)) {
      writer.keyspace(spec().remote(cache).source(store).build()).put("key", "value");
      var keyspace = reader.keyspace(spec().remote(lagging).source(store).build());

      assertThat(keyspace.getEntry("key").tier()).isEqualTo(Tier.REMOTE);
      assertThat(keyspace.getEntry("key").tier()).isEqualTo(Tier.REMOTE);
      assertThat(lagging.keysRead).containsExactly("key", "key");
    }
  }

  @Test
  void answerOfTheSourcesReplica_isServedButCachedNowhere() {
    var lagging = new Lagging(Backends.inMemoryStore(1 << 20, new FakeTime()));
    try (var rig = new Rig(lagging, spec -> spec)) {
      rig.writeAtSource("key", "value", 7);

      assertThat(rig.keyspace.get("key")).isEqualTo("value");
      assertThat(rig.remoteCopy("key")).isInstanceOf(ReadOutcome.Absent.class);
      assertThat(rig.keyspace.get("key")).isEqualTo("value");
      assertThat(lagging.keysRead).containsExactly("key", "key");
      assertThat(rig.anotherProcess().get("key")).as("the lease was given back").isEqualTo("value");
    }
  }

  private static KeyspaceSpec.Builder<String, String> spec() {
    return KeyspaceSpec.builder("replicas", KeyFormat.string(), Codecs.utf8())
        .deadline(Duration.ofSeconds(1));
  }

  private static ServingClient client(FakeTime time) {
    return ServingClient.builder().time(time).executor(Runnable::run).build();
  }
}
