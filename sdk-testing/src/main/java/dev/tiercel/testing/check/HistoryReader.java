package dev.tiercel.testing.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiercel.backend.Tier;
import dev.tiercel.testing.check.Operation.Barrier;
import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads back what a {@link HistoryWriter} appended, up to the first record that is torn. */
final class HistoryReader {

  private final Path path;
  private final List<String> strings = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private final Map<Long, Write> unfinished = new LinkedHashMap<>();

  HistoryReader(Path path) {
    this.path = path;
  }

  List<Operation> read() {
    try (var file = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
      requireMagic(file);
      readRecords(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    operations.addAll(unfinished.values());
    return operations;
  }

  private void requireMagic(DataInputStream file) throws IOException {
    var bytes = file.readNBytes(Long.BYTES);
    // Shorter: its process ended before it had written anything.
    if (bytes.length == Long.BYTES && ByteBuffer.wrap(bytes).getLong() != HistoryFormat.MAGIC) {
      throw new IllegalArgumentException("file: " + path + " (expected: a history)");
    }
  }

  private void readRecords(DataInputStream file) throws IOException {
    try {
      while (true) {
        var bytes = file.readNBytes(file.readInt());
        readRecord(bytes);
      }
    } catch (EOFException end) {
      // The end, or a record that its process did not finish.
      return;
    }
  }

  private void readRecord(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      throw new EOFException();
    }
    if (bytes[0] == HistoryFormat.STRING) {
      strings.add(new String(bytes, 1, bytes.length - 1, UTF_8));
      return;
    }
    var body = new DataInputStream(new ByteArrayInputStream(bytes, 1, bytes.length - 1));
    switch (bytes[0]) {
      case HistoryFormat.READ -> operations.add(readRead(body));
      case HistoryFormat.INTENT -> {
        var write = readWrite(body);
        unfinished.put(write.id(), write);
      }
      case HistoryFormat.WRITE -> {
        var write = readWrite(body);
        unfinished.remove(write.id());
        operations.add(write);
      }
      case HistoryFormat.BARRIER -> operations.add(readBarrier(body));
      default ->
        throw new IllegalArgumentException(
            "record: of kind " + bytes[0] + " in " + path + " (expected: 0 to 4)");
    }
  }

  private Read readRead(DataInputStream body) throws IOException {
    var process = body.readInt();
    var key = string(body);
    var start = body.readLong();
    var end = body.readLong();
    var atLeast = body.readLong();
    var bound = body.readLong();
    return new Read(process, key, start, end, answer(body), atLeast, bound);
  }

  private Write readWrite(DataInputStream body) throws IOException {
    var process = body.readInt();
    var key = string(body);
    var kind = Operation.Kind.valueOf(string(body));
    var id = body.readLong();
    var start = body.readLong();
    var end = body.readLong();
    return new Write(process, key, kind, id, start, end, outcome(body));
  }

  private Barrier readBarrier(DataInputStream body) throws IOException {
    var process = body.readInt();
    var scope = scope(body);
    var start = body.readLong();
    var end = body.readLong();
    return new Barrier(process, scope, start, end, outcome(body));
  }

  private Answer answer(DataInputStream body) throws IOException {
    return switch (body.readByte()) {
      case HistoryFormat.VALUE -> value(body);
      case HistoryFormat.FAILED -> new Answer.Failed(string(body));
      default -> new Answer.Absent();
    };
  }

  private Answer.Value value(DataInputStream body) throws IOException {
    var id = body.readLong();
    var version = body.readLong();
    var tier = Tier.valueOf(string(body));
    var age = body.readLong();
    return new Answer.Value(id, version, tier, age, string(body));
  }

  private Outcome outcome(DataInputStream body) throws IOException {
    return switch (body.readByte()) {
      case HistoryFormat.ACKNOWLEDGED -> new Outcome.Acknowledged(body.readLong());
      case HistoryFormat.REFUSED -> new Outcome.Refused(string(body));
      default -> new Outcome.Unknown(string(body));
    };
  }

  private Scope scope(DataInputStream body) throws IOException {
    return switch (body.readByte()) {
      case HistoryFormat.GROUP -> new Scope.Group(string(body));
      case HistoryFormat.KEY -> new Scope.Key(string(body));
      default -> new Scope.All();
    };
  }

  private String string(DataInputStream body) throws IOException {
    return strings.get(body.readInt());
  }
}
