package dev.tiercel.samples.check;

import static java.util.Objects.requireNonNull;

import dev.tiercel.testing.run.CheckPlan;
import dev.tiercel.testing.run.ProcessRunner;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Runs several processes of one keyspace against a Redis and a DynamoDB Local, makes trouble
 * between them, and checks every answer against every write. Exit codes: 0 all is well (or, with a
 * mechanism switched off, that was found out), 1 it is not, 2 an argument is wrong.
 */
@Command(
    name = "samples/run check",
    sortOptions = false,
    subcommands = {Leases.class, Feeds.class, Groups.class, Regions.class},
    description = "Checks what several processes read and write while their engines fail.")
public final class Check implements Callable<Integer> {

  private static final int SEEDS = 1_000_000;
  private static final int MOST_SECONDS = 3_600;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Option(
      names = "--processes",
      paramLabel = "N",
      defaultValue = "3",
      description = "So many processes, 1 to 16; ${DEFAULT-VALUE} by default.")
  private int processes;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "For so long; ${DEFAULT-VALUE} by default.")
  private int seconds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides the faults and what is read and written; random by default.")
  private @Nullable Long seed;

  @Option(
      names = "--no-faults",
      description = "Makes no trouble; the source's latency still varies.")
  private boolean calm;

  @Option(
      names = "--without",
      paramLabel = "MECHANISM",
      split = ",",
      description =
          "Switches off fence, lease or suspect; then it must find an answer that is wrong.")
  private Set<String> without = new TreeSet<>();

  @Option(
      names = "--keyspace",
      paramLabel = "CLASS",
      description = "The keyspace, a KeyspaceUnderTest; memory, Redis and DynamoDB by default.")
  private String keyspace = ThreeTiers.class.getName();

  @Spec
  private @Nullable CommandSpec spec;

  /** Runs the program and ends the JVM. */
  public static void main(String[] args) {
    var charset = Charset.defaultCharset();
    System.exit(run(
        new PrintWriter(System.out, true, charset),
        new PrintWriter(System.err, true, charset),
        args));
  }

  /**
   * Runs the program: what it has to say goes to {@code out}, what went wrong to {@code err}.
   * Returns the exit code.
   */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Check())
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(
            (wrong, arguments) -> complain(err, wrong, CommandLine.ExitCode.USAGE))
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> complain(err, failure, CommandLine.ExitCode.SOFTWARE))
        .execute(args);
  }

  private static int complain(PrintWriter err, Exception failure, int exitCode) {
    err.println("check: " + failure.getMessage());
    err.flush();
    return exitCode;
  }

  @Override
  public Integer call() throws Exception {
    var line = requireNonNull(spec).commandLine();
    var out = line.getOut();
    var plan = plan(line);
    var outcome = new ProcessRunner(text -> {
          out.println(text);
          out.flush();
        })
        .run(plan);
    out.println(outcome.report());
    out.flush();
    return outcome.passed() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private CheckPlan plan(CommandLine line) {
    Bounds.require(line, "--seconds", seconds, 1, MOST_SECONDS);
    try {
      return CheckPlan.of(keyspace)
          .processes(processes)
          .length(Duration.ofSeconds(seconds))
          .seed(seed == null ? ThreadLocalRandom.current().nextInt(SEEDS) : seed)
          .faults(!calm)
          .without(without);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(line, "--" + wrong.getMessage(), wrong);
    }
  }
}
