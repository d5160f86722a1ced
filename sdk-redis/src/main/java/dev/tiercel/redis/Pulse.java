package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import dev.tiercel.time.Time;
import dev.tiercel.time.Time.Timer;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How old what a replica shows may be: as long as somebody reads, the reading of this process's
 * clock is written into the primary again and again, under a key of its own. The reading is taken
 * before the write is sent, and replicas apply writes in the primary's order; so a replica that
 * shows it holds everything the primary had acknowledged by then, to whomever.
 *
 * <p>Late or lost writes of the pulse, a stopped replication, a replica that was promoted or that
 * begins again: each makes what is shown older, or shows nothing, and never younger. Thread-safe.
 */
final class Pulse {

  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

  /** In the time a replica may lag. */
  private static final int BEATS = 5;

  /** Nobody has read for so long: the next reader begins it again. */
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final Links primary;
  private final Time time;
  private final byte[] key;
  private final Duration gap;
  private final byte[] timeToLive;
  private final long maxLagNanos;
  private final AtomicBoolean beating = new AtomicBoolean();
  private final AtomicBoolean underWay = new AtomicBoolean();
  /** Set by readers, taken back by each beat. */
  private volatile boolean wanted;

  private volatile long wantedAt;
  private volatile boolean ended;
  private volatile @Nullable Timer next;

  /**
   * A pulse that has not begun.
   *
   * @param id what nobody else's pulse has
   * @param primary the way to the primary
   * @param maxLag what is shown may be so old
   * @param time the clock
   */
  Pulse(long id, Links primary, Duration maxLag, Time time) {
    this.primary = primary;
    this.time = time;
    this.key = KeyNames.pulse(id);
    this.gap = maxLag.dividedBy(BEATS);
    this.timeToLive = Invocation.text(maxLag.multipliedBy(2).plus(IDLE).toMillis());
    this.maxLagNanos = maxLag.toNanos();
  }

  /** Where it is written. */
  byte[] key() {
    return key;
  }

  /** Somebody reads, or will: goes on, or begins. */
  void keepUp() {
    if (!wanted) {
      wanted = true;
      begin();
    }
  }

  /**
   * Whether a replica that shows this is not too far behind.
   *
   * @param shown what it holds under the key, null if nothing
   * @param sentAt the reading when it was asked
   */
  boolean isCloseTo(long sentAt, byte @Nullable [] shown) {
    return shown != null
        && shown.length == Long.BYTES
        && sentAt - ByteBuffer.wrap(shown).getLong() <= maxLagNanos;
  }

  /** Writes no more. */
  void end() {
    ended = true;
    forget(next);
  }

  private void begin() {
    if (!ended && beating.compareAndSet(false, true)) {
      wantedAt = time.nanos();
      beat();
    }
  }

  private void beat() {
    if (isOver()) {
      beating.set(false);
      if (wanted) {
        // Somebody has come who was told that it goes on.
        begin();
      }
      return;
    }
    next = time.schedule(gap, this::beat);
    if (ended) {
      forget(next);
      return;
    }
    write();
  }

  private boolean isOver() {
    var now = time.nanos();
    if (wanted) {
      wanted = false;
      wantedAt = now;
    }
    return ended || now - wantedAt > IDLE.toNanos();
  }

  /**
   * One at a time; but always asks for the link, so that one that has fallen silent is replaced.
   */
  private void write() {
    var connected = primary.acquire();
    if (underWay.compareAndSet(false, true)) {
      Completions.onEnd(connected, (link, failure) -> {
        if (link == null) {
          written(failure);
        } else {
          write(link);
        }
      });
    } else {
      connected.cancel(true);
    }
  }

  private void write(Link link) {
    // Before it is sent: see above.
    var reading = ByteBuffer.allocate(Long.BYTES).putLong(time.nanos()).array();
    var arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE)
        .addKey(key)
        .addValue(reading)
        .add(Invocation.text("PX"))
        .add(timeToLive);
    CompletableFuture<List<byte[]>> call;
    try {
      call = link.send(List.of(new Command<>(CommandType.SET, new PlainOutput(), arguments)))
          .get(0)
          .toCompletableFuture();
    } catch (RuntimeException thrown) {
      call = CompletableFuture.failedFuture(thrown);
    }
    Completions.onEnd(call, (reply, failure) -> written(failure));
  }

  private void written(@Nullable Throwable failure) {
    underWay.set(false);
    if (failure != null) {
      LOG.debug("redis: pulse not written, replicas count as behind", failure);
    }
  }

  private static void forget(@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }
}
