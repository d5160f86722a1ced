package dev.tiercel.testing.engine;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real Redis, standalone, on 127.0.0.1, without persistence and without a password.
 *
 * <p>Which Redis: the executable named by the system property {@code tiercel.redis-server} or the
 * environment variable {@code TIERCEL_REDIS_SERVER}; without either, the one embedded-redis carries
 * for this system (Redis 6.2: 6.2.11 on Linux x86-64, 6.2.7 on Linux arm64, 6.2.6 on macOS; on
 * Windows Redis 5.0, which knows no RESP3); where there is none or it does not run here (on Linux
 * x86-64 it needs OpenSSL 3), the {@code redis-server} on the {@code PATH}.
 */
public final class RedisEngine extends Engine {

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
