package dev.tiercel.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Speaks Redis's protocol and answers what the test says, so that a connection can be lost at
 * exactly the command in question. Greetings are answered as Redis would.
 */
final class FakeRedis implements AutoCloseable {

  /** Answers nothing. */
  static final String SILENCE = "";

  /** Hangs up instead of answering. */
  static final String HANG_UP = "hang up";

  private static final String HELLO = "%2\r\n+server\r\n+redis\r\n+proto\r\n:3\r\n";

  private final ServerSocket server;
  private final Function<String, String> replies;
  private final List<String> received = new CopyOnWriteArrayList<>();
  private volatile boolean hushed;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /**
   * Starts on a free port.
   *
   * @param replies what to answer to a command of this name, in the protocol's form
   */
  FakeRedis(Function<String, String> replies) {
    this.replies = replies;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    start(this::accept);
  }

  URI uri() {
    return URI.create("redis://127.0.0.1:" + server.getLocalPort());
  }

  /** Answers no ping any more. */
  void hush() {
    hushed = true;
  }

  /** Sends something that nobody has asked for, to all who are connected. */
  void push(String bytes) {
    for (var socket : sockets) {
      try {
        write(socket, bytes);
      } catch (IOException closed) {
        // The other side has hung up.
      }
    }
  }

  private static void write(Socket socket, String bytes) throws IOException {
    synchronized (socket) {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    }
  }

  /** The names of the commands that arrived, greetings left out. */
  List<String> received() {
    return received;
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        sockets.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (var command = read(in); command != null; command = read(in)) {
        var reply = reply(command);
        if (reply.equals(HANG_UP)) {
          return;
        }
        write(socket, reply);
      }
    } catch (IOException closed) {
      // Either side has hung up.
    } finally {
      sockets.remove(socket);
    }
  }

  private String reply(List<String> command) {
    var name = command.get(0).toUpperCase(Locale.ROOT);
    switch (name) {
      case "PING":
        return hushed ? SILENCE : "+PONG\r\n";
      case "HELLO":
        return HELLO;
      case "CLIENT":
        return "+OK\r\n";
      default:
        received.add(name);
        return replies.apply(name);
    }
  }

  private static List<String> read(InputStream in) throws IOException {
    var header = line(in);
    if (header == null) {
      return null;
    }
    var command = new ArrayList<String>();
    for (var i = Integer.parseInt(header.substring(1)); i > 0; i--) {
      var length = Integer.parseInt(line(in).substring(1));
      command.add(new String(in.readNBytes(length), ISO_8859_1));
      line(in);
    }
    return command;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (var next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return null;
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private static void start(Runnable task) {
    var thread = new Thread(task, "fake-redis");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
