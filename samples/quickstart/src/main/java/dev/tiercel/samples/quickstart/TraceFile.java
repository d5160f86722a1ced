package dev.tiercel.samples.quickstart;

import com.google.common.primitives.ImmutableLongArray;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.tukaani.xz.XZInputStream;

/**
 * An access trace in a file: keys of a fixed width, big-endian, one per request, plain or
 * compressed with xz.
 *
 * @param path the file; {@code *.xz} is decompressed
 * @param keyBytes the width of a key: 4 (unsigned) or 8
 */
record TraceFile(Path path, int keyBytes) {

  /** More would not fit into memory on a small machine. */
  private static final int MAX_REQUESTS = 50_000_000;

  private static final int DECOMPRESSION_KIB = 128 << 10;

  /** A file that is no trace, or not the whole of one; the message says what is wrong with it. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  /**
   * The trace in a file.
   *
   * @param path the file
   * @param keyBytes the width of a key; if empty, the file's name tells it: 8 for scarab-recs, 4
   *     for web07
   * @throws Unreadable if neither tells the width
   */
  static TraceFile of(Path path, OptionalInt keyBytes) throws Unreadable {
    return new TraceFile(path, keyBytes.isPresent() ? keyBytes.getAsInt() : width(path));
  }

  private static int width(Path path) throws Unreadable {
    var name = path.getFileName() == null ? "" : path.getFileName().toString();
    if (name.startsWith("scarab-recs")) {
      return 8;
    }
    if (name.startsWith("web07")) {
      return 4;
    }
    throw new Unreadable("--key-bytes: unknown for " + path + " (expected: 4 or 8)");
  }

  /**
   * Reads the trace.
   *
   * @param limit how many requests at most
   * @throws Unreadable if the file is not there, is no trace, is cut off or empty
   */
  Trace read(int limit) throws Unreadable {
    if (Files.isDirectory(path)) {
      throw unreadable("a directory");
    }
    try (var in = open()) {
      var items = keys(in, Math.min(limit, MAX_REQUESTS));
      if (items.isEmpty()) {
        throw unreadable("empty");
      }
      return new Trace(String.valueOf(path.getFileName()), items);
    } catch (NoSuchFileException missing) {
      throw unreadable("not there");
    } catch (EOFException cut) {
      throw unreadable("cut off");
    } catch (IOException failed) {
      var why = failed.getMessage();
      throw unreadable(
          why == null || why.equals(path.toString()) ? failed.getClass().getSimpleName() : why);
    }
  }

  private InputStream open() throws IOException {
    var file = Files.newInputStream(path);
    if (!path.toString().endsWith(".xz")) {
      return new BufferedInputStream(file);
    }
    try {
      return new BufferedInputStream(
          new XZInputStream(new BufferedInputStream(file), DECOMPRESSION_KIB));
    } catch (IOException notXz) {
      file.close();
      throw notXz;
    }
  }

  private ImmutableLongArray keys(InputStream in, int limit) throws IOException {
    var items = ImmutableLongArray.builder();
    for (var request = 0; request < limit; request++) {
      var key = in.readNBytes(keyBytes);
      if (key.length == 0) {
        break;
      }
      if (key.length < keyBytes) {
        throw new EOFException();
      }
      var bytes = ByteBuffer.wrap(key);
      items.add(keyBytes == Long.BYTES ? bytes.getLong() : Integer.toUnsignedLong(bytes.getInt()));
    }
    return items.build();
  }

  private Unreadable unreadable(String what) {
    return new Unreadable("--trace: " + path + ": " + what + " (expected: a trace of keys of "
        + keyBytes + " bytes)");
  }
}
