package dev.tiercel.testing.region;

import dev.tiercel.testing.engine.DynamoDbEngine;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A region of a {@link RegionHarness}: a real Redis, a real DynamoDB Local, a clock, and the ways
 * to it from every region. Thread-safe.
 */
public final class HarnessRegion {

  private final String name;
  private final RedisEngine redis;
  private final DynamoDbEngine dynamoDb;
  private final SkewedTime time;
  private final Map<String, Route> routes = new LinkedHashMap<>();

  HarnessRegion(String name, RedisEngine redis, DynamoDbEngine dynamoDb, Time time) {
    this.name = name;
    this.redis = redis;
    this.dynamoDb = dynamoDb;
    this.time = new SkewedTime(time);
  }

  /** Opens the way from a region, before anybody else knows of this one. */
  void open(String client, Duration roundTrip, Time proxyTime) {
    routes.put(client, new Route(redis, dynamoDb, roundTrip, proxyTime));
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Where clients in this region reach its engines, through proxies. */
  public Endpoints endpoints() {
    return seenFrom(name);
  }

  /**
   * Where clients in a region reach this one's engines, through proxies that cost the round trip
   * between the two.
   *
   * @param client the clients' region
   * @throws IllegalArgumentException if there is no such region
   */
  public Endpoints seenFrom(String client) {
    return route(client).endpoints();
  }

  /** Where the engines really are: past every proxy and every fault. */
  public Endpoints direct() {
    return new Endpoints(redis.host(), redis.port(), dynamoDb.port());
  }

  /** The clock of the clients in this region: what {@link RegionFault.Skew} shifts. */
  public Time time() {
    return time;
  }

  /** Its Redis. */
  public RedisEngine redis() {
    return redis;
  }

  /** Its DynamoDB, which keeps its data only as long as nobody ends its process. */
  public DynamoDbEngine dynamoDb() {
    return dynamoDb;
  }

  @Override
  public String toString() {
    return "HarnessRegion{" + name + ", direct: " + direct() + "}";
  }

  Route route(String client) {
    var route = routes.get(client);
    if (route == null) {
      throw RegionHarness.unknown(client, routes.keySet());
    }
    return route;
  }

  Collection<Route> routes() {
    return routes.values();
  }

  SkewedTime skewedTime() {
    return time;
  }
}
