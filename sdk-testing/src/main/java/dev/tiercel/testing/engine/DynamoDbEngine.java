package dev.tiercel.testing.engine;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real DynamoDB Local, in memory, in a JVM of its own; none of its libraries come near the class
 * path of this one.
 *
 * <p>Where it comes from: the directory named by the system property {@code tiercel.dynamodb-local}
 * or the environment variable {@code TIERCEL_DYNAMODB_LOCAL} (a directory of jars, or an unpacked
 * DynamoDB Local download); without either, a directory in this user's cache, which the Maven of
 * this machine fills once, with the settings and the local repository it has. The cache is
 * {@code ~/.cache/tiercel}, or what {@code tiercel.cache} or {@code TIERCEL_CACHE} says. DynamoDB
 * Local has its own licence, which does not allow it to be passed on: it is fetched, never bundled.
 *
 * <p>Any credentials will do, with letters and digits as the access key; each pair of access key
 * and region sees tables of its own, so that one engine can play several regions. It accepts
 * connections on every address of the machine, since it knows no other way. Its telemetry is off.
 */
public final class DynamoDbEngine extends Engine {

  private DynamoDbEngine(EngineProcess process) {
    super(process);
  }

  /**
   * Starts a DynamoDB Local on a free port and waits until it answers.
   *
   * @param settings further command line settings, such as {@code "-sharedDb"}, by which all
   *     credentials and regions see the same tables
   * @throws EngineException if it is not on this machine and cannot be fetched, or does not start
   */
  public static DynamoDbEngine launch(String... settings) {
    var machine = Machine.current();
    var jars = new DynamoDbJars(machine).locate();
    return new DynamoDbEngine(
        EngineProcess.launch(machine, new Blueprint(jars, List.of(settings))));
  }

  /**
   * Its address, as {@code http://127.0.0.1:port}, to be set as the endpoint of a DynamoDB client.
   */
  public URI endpoint() {
    return URI.create("http://" + host() + ":" + port());
  }

  private record Blueprint(Path jars, List<String> settings) implements EngineProcess.Blueprint {
    @Override
    public String name() {
      return "dynamodb-local";
    }

    /**
     * Small and quick to start: tests hold little data and end soon. Its native library unpacks
     * into its temp directory.
     */
    @Override
    public List<String> command(int port, Path directory) {
      var command = new ArrayList<String>();
      command.add(Machine.java().toString());
      command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      command.add("-Djava.io.tmpdir=" + directory);
      command.addAll(List.of(
          "-cp", allIn(jars) + File.pathSeparator + allIn(jars.resolve("DynamoDBLocal_lib"))));
      command.add("com.amazonaws.services.dynamodbv2.local.main.ServerRunner");
      command.addAll(List.of("-inMemory", "-disableTelemetry", "-port", Integer.toString(port)));
      command.addAll(settings);
      return command;
    }

    private static String allIn(Path directory) {
      return directory + File.separator + "*";
    }

    /**
     * A request without a signature is refused, by DynamoDB Local and nobody else in these words.
     */
    @Override
    public boolean answers(int port, long pid) {
      var request =
          "GET / HTTP/1.1\r\nHost: " + EngineProcess.HOST + "\r\nConnection: close\r\n\r\n";
      var answer = Probe.ask(port, request);
      return answer.startsWith("HTTP/1.1 ") && answer.contains("com.amazonaws.dynamodb");
    }
  }
}
