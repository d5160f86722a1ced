package dev.tiercel.testing.chaos;

import dev.tiercel.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a connection that go one way: read, held as long as a fault says, and written in
 * their order, the end of the stream included. Used on the loop only, but for the counters.
 */
final class Flow {

  /** What is held back at most before the sender feels it. */
  private static final int MAX_HELD = 4 << 20;

  private final Tunnel tunnel;
  private final End source;
  private final End sink;
  private final EventLoop loop;
  private final Time time;
  private final Throttle throttle;
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
  private long delayNanos;
  private boolean blackHole;
  private boolean sourceEnded;
  private boolean finished;
  private boolean discarding;
  private Time.@Nullable Timer timer;
  private long timerAt;
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong passed = new AtomicLong();

  /** Bytes, or how the stream ended. */
  private record Piece(What what, ByteBuffer bytes, long arrivedAt) {}

  private enum What {
    BYTES,
    FINISH,
    RESET
  }

  Flow(Tunnel tunnel, End source, End sink, EventLoop loop, Time time) {
    this.tunnel = tunnel;
    this.source = source;
    this.sink = sink;
    this.loop = loop;
    this.time = time;
    this.throttle = new Throttle(time);
  }

  long held() {
    return held.get();
  }

  long passed() {
    return passed.get();
  }

  /** Whether the stream has ended on either side, in good order. */
  boolean isOver() {
    return finished && sourceEnded;
  }

  /** Sets what is wrong; 0 bytes per second for any number. */
  void suffer(long newDelayNanos, boolean newBlackHole, long bytesPerSecond) {
    delayNanos = newDelayNanos;
    blackHole = newBlackHole;
    throttle.rate(bytesPerSecond);
    deliver();
  }

  /** Ends the stream in good order, whatever was on its way. */
  void finish() {
    if (!finished) {
      discard();
      finished = true;
      sink.shutdownOutput();
      tunnel.closeIfOver();
    }
  }

  /** Hears that the server is there. */
  void connected() {
    if (finished) {
      sink.shutdownOutput();
    }
    deliver();
  }

  /** From now on what is read is thrown away, and nothing is written. */
  void discard() {
    discarding = true;
    pieces.clear();
    held.set(0);
    deliver();
  }

  /** Reads once. */
  void read() {
    var buffer = loop.buffer.clear();
    buffer.limit((int) Math.min(buffer.capacity(), allowance()));
    if (!buffer.hasRemaining()) {
      updateReading();
      return;
    }
    try {
      if (source.read(buffer) < 0) {
        end(What.FINISH);
      } else {
        arrived(buffer.flip());
      }
    } catch (IOException reset) {
      end(What.RESET);
    }
  }

  private void arrived(ByteBuffer buffer) {
    throttle.take(buffer.remaining());
    if (discarding) {
      updateReading();
      return;
    }
    var bytes = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
    pieces.add(new Piece(What.BYTES, bytes, time.nanos()));
    held.addAndGet(bytes.remaining());
    tunnel.arrived(this, bytes);
    deliver();
  }

  private void end(What how) {
    if (sourceEnded) {
      return;
    }
    sourceEnded = true;
    source.interest(SelectionKey.OP_READ, false);
    if (!discarding) {
      pass(how);
    } else if (how == What.RESET || !finished) {
      tunnel.reset();
    } else {
      tunnel.closeIfOver();
    }
  }

  /** Tells the sink of a reset as if the source had sent it, whatever the source sent before. */
  private void reset() {
    sourceEnded = true;
    if (discarding) {
      tunnel.reset();
    } else {
      pass(What.RESET);
    }
  }

  private void pass(What ending) {
    pieces.add(new Piece(ending, ByteBuffer.allocate(0), time.nanos()));
    deliver();
  }

  /** Writes what is due. */
  void deliver() {
    boolean full = false;
    while (!full && isDue(pieces.peek())) {
      full = !write(pieces.getFirst());
    }
    sink.interest(SelectionKey.OP_WRITE, full);
    updateReading();
    tunnel.closeIfOver();
  }

  private boolean isDue(@Nullable Piece piece) {
    if (piece == null || blackHole || !sink.isConnected()) {
      return false;
    }
    var left = piece.arrivedAt + delayNanos - time.nanos();
    if (left > 0) {
      wakeIn(left);
    }
    return left <= 0;
  }

  /** Writes the first piece; false if the sink takes no more for now. */
  private boolean write(Piece piece) {
    if (piece.what == What.RESET) {
      tunnel.reset();
      pieces.clear();
      return true;
    }
    if (piece.what == What.FINISH) {
      sink.shutdownOutput();
      finished = true;
      pieces.remove();
      return true;
    }
    return writeBytes(piece);
  }

  private boolean writeBytes(Piece piece) {
    try {
      var written = sink.write(piece.bytes);
      held.addAndGet(-written);
      passed.addAndGet(written);
    } catch (IOException gone) {
      // The sender hears of it as it would without a proxy: from the other side, if that is heard.
      discard();
      tunnel.opposite(this).reset();
      return true;
    }
    if (piece.bytes.hasRemaining()) {
      return false;
    }
    pieces.remove();
    return true;
  }

  private void updateReading() {
    var room = allowance();
    if (room == 0 && held.get() < MAX_HELD) {
      wakeIn(throttle.nanosToNext());
    }
    source.interest(SelectionKey.OP_READ, room > 0 && !sourceEnded && source.isConnected());
  }

  private long allowance() {
    return discarding ? Long.MAX_VALUE : Math.min(MAX_HELD - held.get(), throttle.allowance());
  }

  private void wakeIn(long nanos) {
    var at = time.nanos() + nanos;
    if (timer != null && timerAt - at <= 0) {
      return;
    }
    stopTimer();
    timerAt = at;
    timer = time.schedule(Duration.ofNanos(nanos), () -> loop.execute(this::wake));
  }

  private void wake() {
    stopTimer();
    if (tunnel.isOpen()) {
      deliver();
    }
  }

  /** Forgets the timer. */
  void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
