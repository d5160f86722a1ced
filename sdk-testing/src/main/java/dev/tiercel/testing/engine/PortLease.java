package dev.tiercel.testing.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port that is ours until closed. It lies below 32768, where the ephemeral ports of Linux begin
 * (49152 elsewhere): a port from that range could be taken by any outgoing connection while the
 * engine is down, even by one that connects to itself. A lock on a file keeps other JVMs of this
 * user off it, and falls with this JVM.
 */
final class PortLease implements AutoCloseable {
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_767;
  private static final int ATTEMPTS = 1_000;

  private final int port;
  private final FileChannel lock;

  private PortLease(int port, FileChannel lock) {
    this.port = port;
    this.lock = lock;
  }

  static PortLease take(Path cache) {
    return take(cache, LOWEST, HIGHEST);
  }

  static PortLease take(Path cache, int lowest, int highest) {
    try {
      var directory = Files.createDirectories(cache.resolve("ports"));
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int port = ThreadLocalRandom.current().nextInt(lowest, highest + 1);
        // Asked first: to open and close the file of a port this JVM holds would undo its lock.
        if (!isFree(port)) {
          continue;
        }
        var lock = FileChannel.open(
            directory.resolve(Integer.toString(port)),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
        if (locked(lock)) {
          return new PortLease(port, lock);
        }
        lock.close();
      }
    } catch (IOException failure) {
      throw new EngineException(
          "port: cannot be reserved under " + cache + " (expected: a writable directory)", failure);
    }
    throw new EngineException(
        "port: none free (expected: one between " + lowest + " and " + highest + ")");
  }

  int port() {
    return port;
  }

  /** Whether nobody listens there; asked on every address, since engines may. */
  static boolean isFree(int port) {
    try (var socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException ownedByThisJvm) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
