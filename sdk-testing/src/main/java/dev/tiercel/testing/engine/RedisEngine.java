package dev.tiercel.testing.engine;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A real Redis, standalone or a replica of one, on 127.0.0.1, without persistence and without a
 * password.
 *
 * <p>Which Redis: the executable named by the system property {@code tiercel.redis-server} or the
 * environment variable {@code TIERCEL_REDIS_SERVER}; without either, the one embedded-redis carries
 * for this system (Redis 6.2: 6.2.11 on Linux x86-64, 6.2.7 on Linux arm64, 6.2.6 on macOS; on
 * Windows Redis 5.0, which knows no RESP3); where there is none or it does not run here (on Linux
 * x86-64 it needs OpenSSL 3), the {@code redis-server} on the {@code PATH}.
 */
public final class RedisEngine extends Engine {

  private static final Duration SYNC_LIMIT = Duration.ofSeconds(30);
  private static final Pattern PRIMARY_PORT = Pattern.compile("master_port:(\\d+)");
  private static final Pattern OFFSET = Pattern.compile("master_repl_offset:(\\d+)");
  private static final Pattern APPLIED = Pattern.compile("slave_repl_offset:(\\d+)");

  private RedisEngine(EngineProcess process) {
    super(process);
  }

  /**
   * Starts a Redis on a free port and waits until it answers.
   *
   * @param settings further command line settings, such as {@code "--maxmemory", "16mb"}
   * @throws EngineException if there is no Redis for this machine, or it does not start
   */
  public static RedisEngine launch(String... settings) {
    var machine = Machine.current();
    var executable = RedisExecutable.locate(machine);
    var blueprint = new Blueprint(executable, List.of(settings));
    return new RedisEngine(EngineProcess.launch(machine, blueprint));
  }

  /**
   * Starts a replica of this Redis on another port, and waits until it has everything this one had.
   * It is a Redis like any other, with a life of its own: close it before this one. Started again
   * it is a replica again; it then answers before it {@linkplain #awaitInSync() has everything}.
   *
   * @param settings further command line settings of the replica
   * @throws EngineException if it does not start or does not get in sync
   */
  public RedisEngine launchReplica(String... settings) {
    return launchReplicaOf(port(), settings);
  }

  /**
   * Starts a replica of whatever answers on a port of 127.0.0.1 as a Redis does: a proxy in front
   * of one, by which the replication can be disturbed. Else as {@link #launchReplica}.
   *
   * @param primaryPort where the replica gets its data from
   * @param settings further command line settings of the replica
   * @throws EngineException if it does not start or does not get in sync
   */
  public static RedisEngine launchReplicaOf(int primaryPort, String... settings) {
    var all =
        new ArrayList<>(List.of("--replicaof", EngineProcess.HOST, Integer.toString(primaryPort)));
    all.addAll(List.of(settings));
    var replica = launch(all.toArray(String[]::new));
    try {
      replica.awaitInSync();
      return replica;
    } catch (EngineException failure) {
      replica.close();
      throw failure;
    }
  }

  /**
   * Waits until this replica has applied everything its primary had done when this was called. Both
   * must answer without a password.
   *
   * @throws EngineException if it answers that it is no replica, or has not after 30 seconds
   */
  public void awaitInSync() {
    if (replication(port()).contains("role:master")) {
      throw new EngineException(
          "redis on port " + port() + ": no replica (expected: one of a primary)");
    }
    var target = new long[] {-1};
    if (!Waiting.until(() -> isInSync(target), SYNC_LIMIT)) {
      throw new EngineException("replica on port " + port() + ": not in sync after "
          + SYNC_LIMIT.toSeconds() + " s (expected: before)");
    }
  }

  /** Makes it a replica of what answers on a port of 127.0.0.1; nothing happens if it is. */
  void replicate(int primaryPort) {
    Probe.ask(port(), "REPLICAOF " + EngineProcess.HOST + " " + primaryPort + "\r\nQUIT\r\n");
  }

  /**
   * Whether the replica has come to a target, which the first answer of the primary sets: what is
   * done later does not count.
   */
  private boolean isInSync(long[] target) {
    var state = replication(port());
    var primary = number(PRIMARY_PORT, state);
    if (primary >= 0 && target[0] < 0) {
      target[0] = number(OFFSET, replication((int) primary));
    }
    return target[0] >= 0
        && state.contains("master_link_status:up")
        && number(APPLIED, state) >= target[0];
  }

  private static String replication(int port) {
    return Probe.ask(port, "INFO replication\r\nQUIT\r\n");
  }

  private static long number(Pattern pattern, String text) {
    var found = pattern.matcher(text);
    return found.find() ? Long.parseLong(found.group(1)) : -1;
  }

  /** Its address, as {@code redis://127.0.0.1:port}. */
  public URI uri() {
    return URI.create("redis://" + host() + ":" + port());
  }

  private record Blueprint(Path executable, List<String> settings)
      implements EngineProcess.Blueprint {
    @Override
    public String name() {
      return "redis";
    }

    @Override
    public List<String> command(int port, Path directory) {
      var command = new ArrayList<String>();
      command.add(executable.toString());
      command.addAll(List.of("--port", Integer.toString(port), "--bind", EngineProcess.HOST));
      command.addAll(List.of("--save", "", "--appendonly", "no", "--dir", directory.toString()));
      command.addAll(List.of("--daemonize", "no", "--loglevel", "warning"));
      // A replica is there at once rather than after others might have asked for the data, too.
      command.addAll(List.of("--repl-diskless-sync-delay", "0"));
      command.addAll(settings);
      return command;
    }

    /** Asks for the process id as well: an answer from a stranger on the same port is no answer. */
    @Override
    public boolean answers(int port, long pid) {
      var answer = Probe.ask(port, "PING\r\nINFO server\r\nQUIT\r\n");
      boolean locked =
          answer.startsWith("-NOAUTH"); // The settings ask for a password: this is all it will say.
      return locked
          || (answer.startsWith("+PONG") && answer.contains("process_id:" + pid + "\r\n"));
    }
  }
}
