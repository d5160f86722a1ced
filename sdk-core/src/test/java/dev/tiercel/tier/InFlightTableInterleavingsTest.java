package dev.tiercel.tier;

import static dev.tiercel.tier.OneKey.KEY;

import dev.tiercel.coherence.Fences;
import dev.tiercel.tier.InFlightTable.Load;
import dev.tiercel.time.Deadline;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Readers of one key who open, join, end and leave its load, and writers who detach it, in every
 * order: a load belongs to those who joined it, and ends for them when it is done and not before.
 */
@Tag("interleavings")
class InFlightTableInterleavingsTest {

  @Test
  void readersOfAKey_inAnyOrder_shareOneLoad() {
    Interleavings.of(Readers.class, ModelReaders.class)
        .race("join leave", "join look leave")
        .race("join complete leave join", "join look leave join")
        .race("join complete leave join", "detach join look")
        .race("join leave join", "detach join look")
        .race("join leave", "join leave", "join look")
        .assertLinearizable();
  }

  @Test
  void readersThatShareLoads_whileTheKeyIsWritten_readWhatTheSourceHolds() {
    Interleavings.of(SharedReads.class, Source.class)
        .race("read", "write read")
        .race("read", "writeElsewhere read")
        .race("read read", "read", "write")
        .race("read", "read", "writeElsewhere")
        .assertLinearizable();
  }

  /** What a reader knows of the load it takes part in. */
  public enum Seen {
    NOTHING,
    OPENED,
    JOINED,
    WAITS,
    FOUND,
    CANCELLED
  }

  /** Readers who take part in one load at a time each. */
  public static final class Readers {

    private final InFlightTable<String, Long> table = new InFlightTable<>();
    private final Fences fences = new Fences();
    private final Deadline deadline = OneKey.deadline();
    private final Hand[] hands = {new Hand(), new Hand(), new Hand(), new Hand()};

    private static final class Hand {
      private @Nullable Load<String, Long> joined;
      private @Nullable Load<String, Long> opened;
    }

    /** Takes part in the key's load, unless the reader takes part in one already. */
    public Seen join(int reader) {
      var hand = hands[reader];
      if (hand.joined != null) {
        return Seen.NOTHING;
      }
      var ticket = table.join(KEY, fences::current, deadline);
      hand.joined = ticket.load();
      if (ticket.opened()) {
        hand.opened = ticket.load();
      }
      return ticket.opened() ? Seen.OPENED : Seen.JOINED;
    }

    /** Ends the load that the reader opened last. */
    public void complete(int reader) {
      if (hands[reader].opened != null) {
        table.complete(hands[reader].opened, 1L);
      }
    }

    /** Gives up the reader's part. */
    public void leave(int reader) {
      if (hands[reader].joined != null) {
        table.leave(hands[reader].joined);
        hands[reader].joined = null;
      }
    }

    /** How the load stands for the reader. */
    public Seen look(int reader) {
      var load = hands[reader].joined;
      if (load == null) {
        return Seen.NOTHING;
      }
      if (load.result().isCancelled()) {
        return Seen.CANCELLED;
      }
      return load.result().isDone() ? Seen.FOUND : Seen.WAITS;
    }

    /** A write of the key. */
    public void detach() {
      table.detach(KEY);
    }
  }

  /** The model: a table for one thread. */
  public static final class ModelReaders {

    private final ModelLoad[] joined = new ModelLoad[4];
    private final ModelLoad[] opened = new ModelLoad[4];
    private @Nullable ModelLoad current;

    private static final class ModelLoad {
      private int readers;
      private Seen state = Seen.WAITS;
    }

    /** Joins the load there is, else opens one. */
    public Seen join(int reader) {
      if (joined[reader] != null) {
        return Seen.NOTHING;
      }
      var opens = current == null;
      if (opens) {
        current = new ModelLoad();
        opened[reader] = current;
      }
      current.readers++;
      joined[reader] = current;
      return opens ? Seen.OPENED : Seen.JOINED;
    }

    /** Ends a load once. */
    public void complete(int reader) {
      if (opened[reader] != null) {
        end(opened[reader], Seen.FOUND);
      }
    }

    /** The last reader cancels. */
    public void leave(int reader) {
      var load = joined[reader];
      joined[reader] = null;
      if (load != null && --load.readers == 0) {
        end(load, Seen.CANCELLED);
      }
    }

    private void end(ModelLoad load, Seen state) {
      current = current == load ? null : current;
      load.state = load.state == Seen.WAITS ? state : load.state;
    }

    /** How the load stands for the reader. */
    public Seen look(int reader) {
      return joined[reader] == null ? Seen.NOTHING : joined[reader].state;
    }

    /** Nobody joins this one any more. */
    public void detach() {
      current = null;
    }
  }

  /** A key read by loads that its readers share, and filled by them, as the facade does it. */
  public static final class SharedReads {

    private final LocalTier<String, Long> tier = OneKey.tier();
    private final InFlightTable<String, Long> table = new InFlightTable<>();
    private final Deadline deadline = OneKey.deadline();
    private final AtomicLong source = new AtomicLong(1);

    /** What is here, else what the load under way finds, else what the source has. */
    public long read() {
      var hit = tier.get(KEY);
      if (hit != null) {
        return hit.version();
      }
      var ticket = table.join(KEY, tier::fence, deadline);
      if (ticket.opened()) {
        load(ticket.load());
      }
      while (!ticket.load().result().isDone()) {
        Thread.onSpinWait();
      }
      table.leave(ticket.load());
      return ticket.load().result().join();
    }

    private void load(Load<String, Long> load) {
      var found = source.get();
      tier.fill(KEY, OneKey.entry(found), load.fence());
      var held = tier.get(KEY);
      table.complete(load, held == null ? found : Math.max(found, held.version()));
    }

    /** A write of this process. */
    public long write() {
      var fence = tier.fence(KEY);
      var version = source.incrementAndGet();
      table.detach(KEY);
      tier.store(KEY, OneKey.entry(version), fence);
      return version;
    }

    /** A write of another process, over when this one has heard of it. */
    public long writeElsewhere() {
      var version = source.incrementAndGet();
      table.detach(KEY);
      tier.forget(KEY);
      return version;
    }
  }
}
