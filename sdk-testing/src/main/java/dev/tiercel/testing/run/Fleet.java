package dev.tiercel.testing.run;

import dev.tiercel.testing.chaos.ChaosProxy;
import dev.tiercel.testing.engine.DynamoDbEngine;
import dev.tiercel.testing.engine.RedisEngine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A Redis, a DynamoDB Local, the workers, and between each worker and each engine a proxy. */
final class Fleet implements AutoCloseable {

  /** How the names of the files end that workers record into. */
  static final String HISTORY = ".history";

  private static final Duration START = Duration.ofSeconds(60);

  /** A worker and its two proxies. */
  record Member(WorkerProcess worker, ChaosProxy redis, ChaosProxy source) {}

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final List<Member> members = new ArrayList<>();
  private final Relay relay = new Relay();
  private final RedisEngine redis;
  private final DynamoDbEngine dynamo;

  private Fleet() {
    redis = opened(RedisEngine.launch());
    try {
      dynamo = opened(DynamoDbEngine.launch());
    } catch (RuntimeException failure) {
      redis.close();
      throw failure;
    }
  }

  /** Starts everything, and waits until the workers are ready. */
  static Fleet launch(CheckPlan plan, Path directory) throws IOException, InterruptedException {
    var fleet = new Fleet();
    try {
      for (var number = 0; number < plan.processes(); number++) {
        fleet.enlist(plan, number, directory);
      }
      for (var member : fleet.members) {
        member.worker().await(Worker.READY, START);
      }
      return fleet;
    } catch (IOException | InterruptedException | RuntimeException failure) {
      fleet.close();
      throw failure;
    }
  }

  private void enlist(CheckPlan plan, int number, Path directory) throws IOException {
    var toRedis = opened(ChaosProxy.before(redis.host(), redis.port()));
    var toSource = opened(ChaosProxy.before(dynamo.host(), dynamo.port()));
    var where = new Engines(
        URI.create("redis://" + redis.host() + ":" + toRedis.port()),
        URI.create("http://" + dynamo.host() + ":" + toSource.port()));
    var history = directory.resolve("worker-" + number + HISTORY);
    var order = WorkerOrder.of(plan, number, where, history);
    var worker = opened(WorkerProcess.start(
        "worker-" + number,
        Worker.class,
        order.arguments(),
        directory,
        order.options(),
        line -> relay.heard(number, line)));
    relay.join(worker);
    members.add(new Member(worker, toRedis, toSource));
  }

  RedisEngine redis() {
    return redis;
  }

  List<Member> members() {
    return List.copyOf(members);
  }

  void tellAll(String line) {
    members.forEach(member -> member.worker().tell(line));
  }

  /** Completes as soon as any worker ends, which none should of itself. */
  CompletableFuture<Object> firstEnd() {
    return CompletableFuture.anyOf(
        members.stream().map(member -> member.worker().end()).toArray(CompletableFuture[]::new));
  }

  /** Throws what the first worker that has ended left in its log. */
  void requireAllAlive() throws InterruptedException {
    for (var member : members) {
      if (!member.worker().isAlive()) {
        member.worker().await("an answer of one that has ended", START);
      }
    }
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.push(resource);
    return resource;
  }

  /** Ends the workers first, then what they were connected to. */
  @Override
  public void close() {
    members.forEach(member -> member.worker().endInput());
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception failure) {
        // The others are closed all the same.
        System.getLogger(Fleet.class.getName())
            .log(System.Logger.Level.WARNING, "close: failed (expected: no exception)", failure);
      }
    }
  }
}
