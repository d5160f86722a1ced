package dev.tiercel.testing.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiercel.testing.check.Operation.Barrier;
import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** Appends operations to a file. Thread-safe; what is appended after the close is dropped. */
final class HistoryWriter implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;

  private final DataOutputStream file;
  private final ByteArrayOutputStream record = new ByteArrayOutputStream();
  private final DataOutputStream body = new DataOutputStream(record);
  private final Map<String, Integer> strings = new HashMap<>();
  private boolean closed;

  /** Something that is written as a record's body. */
  @FunctionalInterface
  private interface Body {
    void write() throws IOException;
  }

  HistoryWriter(Path path) {
    try {
      var stream = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW);
      file = new DataOutputStream(new BufferedOutputStream(stream, BUFFER_BYTES));
      file.writeLong(HistoryFormat.MAGIC);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  synchronized void append(Read read) {
    append(HistoryFormat.READ, () -> {
      body.writeInt(read.process());
      string(read.key());
      body.writeLong(read.startNanos());
      body.writeLong(read.endNanos());
      body.writeLong(read.atLeast());
      body.writeLong(read.maxStalenessNanos());
      answer(read.answer());
    });
  }

  /** Notes that a write begins, where not even the end of the process can undo it. */
  synchronized void intend(Write write) {
    append(HistoryFormat.INTENT, () -> write(write));
    flush();
  }

  synchronized void append(Write write) {
    append(HistoryFormat.WRITE, () -> write(write));
  }

  synchronized void append(Barrier barrier) {
    append(HistoryFormat.BARRIER, () -> {
      body.writeInt(barrier.process());
      scope(barrier.scope());
      body.writeLong(barrier.startNanos());
      body.writeLong(barrier.endNanos());
      outcome(barrier.outcome());
    });
  }

  synchronized void flush() {
    try {
      if (!closed) {
        file.flush();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      file.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void append(byte kind, Body content) {
    if (closed) {
      return;
    }
    try {
      body.writeByte(kind);
      content.write();
      endRecord();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void endRecord() throws IOException {
    file.writeInt(record.size());
    record.writeTo(file);
    record.reset();
  }

  private void write(Write write) throws IOException {
    body.writeInt(write.process());
    string(write.key());
    string(write.kind().name());
    body.writeLong(write.id());
    body.writeLong(write.startNanos());
    body.writeLong(write.endNanos());
    outcome(write.outcome());
  }

  private void answer(Answer answer) throws IOException {
    if (answer instanceof Answer.Value value) {
      body.writeByte(HistoryFormat.VALUE);
      body.writeLong(value.id());
      body.writeLong(value.version());
      string(value.tier().name());
      body.writeLong(value.ageNanos());
      string(value.staleness());
    } else if (answer instanceof Answer.Failed failed) {
      body.writeByte(HistoryFormat.FAILED);
      string(failed.error());
    } else {
      body.writeByte(HistoryFormat.ABSENT);
    }
  }

  private void outcome(Outcome outcome) throws IOException {
    if (outcome instanceof Outcome.Acknowledged acknowledged) {
      body.writeByte(HistoryFormat.ACKNOWLEDGED);
      body.writeLong(acknowledged.version());
    } else if (outcome instanceof Outcome.Unknown unknown) {
      body.writeByte(HistoryFormat.UNKNOWN);
      string(unknown.error());
    } else if (outcome instanceof Outcome.Refused refused) {
      body.writeByte(HistoryFormat.REFUSED);
      string(refused.error());
    }
  }

  private void scope(Scope scope) throws IOException {
    if (scope instanceof Scope.Group group) {
      body.writeByte(HistoryFormat.GROUP);
      string(group.name());
    } else if (scope instanceof Scope.Key key) {
      body.writeByte(HistoryFormat.KEY);
      string(key.key());
    } else {
      body.writeByte(HistoryFormat.ALL);
    }
  }

  /** Refers to a string; a record of its own comes before this one if it is new. */
  private void string(String text) throws IOException {
    var known = strings.get(text);
    if (known == null) {
      known = strings.size();
      strings.put(text, known);
      var bytes = text.getBytes(UTF_8);
      file.writeInt(1 + bytes.length);
      file.writeByte(HistoryFormat.STRING);
      file.write(bytes);
    }
    body.writeInt(known);
  }
}
