package dev.tiercel.testing.region;

import dev.tiercel.testing.engine.Waiting;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * Replicates tables between the regions as DynamoDB global tables of multi-region eventual
 * consistency do: asynchronously, every region to every other, the last writer of an item winning.
 * It reads the tables' streams and writes what it reads to the others.
 *
 * <h2>Who is last</h2>
 *
 * Each write gets a place in the order of all writes of its item, once, when its stream tells of
 * it. Streams say too roughly when something was done; but a write that was not there at one look
 * and is there at the next was done between the two, and looks are a few milliseconds apart. Of two
 * writes whose spans do not touch the clock says which is later. Where it cannot tell, the one with
 * the larger version is, since whoever had seen the other made a larger one; and a write is later
 * than whatever its own stream told before it, so also than the replicated write that it replaced.
 * The clocks of clients have no say.
 *
 * <h2>Why the regions do not diverge</h2>
 *
 * <ol>
 *   <li>A region's stream tells of every change of an item, in the order they were done, the
 *       replicator's own included. After each the replicator knows what the region held then, and
 *       whose write that was: its own writes are those it has just tried, one per item and region
 *       at a time, and all others are somebody else's. So nothing echoes.
 *   <li>A write travels to every other region, and ends there in one of three ways. Either what the
 *       region is known to hold is later: then it is dropped, and was to be. Or it is written, if
 *       the region still holds what it is known to hold. Or it is not, since somebody else was
 *       quicker: then it waits for the stream to tell what that was, and is judged again.
 *   <li>The condition compares all attributes, not the write: an item that was written anew with
 *       the same content meanwhile passes, and a later write is replaced by an earlier one. The
 *       stream tells of both, in this order, and the later one is then sent to its own region
 *       again.
 *   <li>An answer that is lost leaves the stream to say whether the write was done: it was, if its
 *       echo comes; it was not, if the stream is complete beyond the end of the call without it.
 * </ol>
 *
 * So each region's known content only moves up in one order that all share, every write reaches
 * every region or is beaten there, and known content is real content once the stream is read to its
 * end: when nothing is on its way, every region holds the last write.
 *
 * <h2>Bounds</h2>
 *
 * What is known of an item is forgotten once all regions hold its last write and all their streams
 * are complete beyond it: what they tell later is later. A link holds the writes of its lag's
 * length, and of those that are due but cannot pass, one per item.
 *
 * <p>It goes past the harness's proxies. Thread-safe; it has one thread that decides and a few that
 * call.
 */
public final class Replicator implements AutoCloseable {

  private final List<String> names;
  private final Connections connections = new Connections(2 * Replication.CALLS);
  private final List<Replica> replicas;
  private final Replication replication;
  private final Set<String> tables = new LinkedHashSet<>();

  Replicator(List<HarnessRegion> regions, RegionOptions options, Time time) {
    names = regions.stream().map(HarnessRegion::name).toList();
    replicas = regions.stream()
        .map(region -> new Replica(region.name(), region.direct().dynamoDb(), connections))
        .toList();
    replication = new Replication(replicas, options, time);
    replication.start();
  }

  /**
   * Creates a table in every region, unless it is there, and replicates it from now on.
   *
   * @param table its name
   * @param keyAttribute its partition key, a string
   */
  public void createTable(String table, String keyAttribute) {
    for (var replica : replicas) {
      if (replica.table(table).isEmpty()) {
        replica.create(table, List.of(partition(keyAttribute)), List.of(string(keyAttribute)));
      }
    }
    replicate(table);
  }

  /**
   * Replicates a table from now on. It is created where it is missing, and what some regions hold
   * already is copied to the others. Does nothing if it is replicated.
   *
   * @param table its name; there must be one in some region, with the stream it needs (new and old
   *     images) or none
   * @throws IllegalArgumentException if there is none, or one with another stream
   */
  public synchronized void replicate(String table) {
    if (tables.contains(table)) {
      return;
    }
    var model = replicas.stream()
        .flatMap(replica -> replica.table(table).stream())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            "table: " + table + " (expected: one that is in a region)"));
    for (var replica : replicas) {
      if (replica.table(table).isEmpty()) {
        replica.createLike(model);
      }
    }
    begin(table, model.keySchema().stream().map(KeySchemaElement::attributeName).toList());
    tables.add(table);
  }

  /** The streams are on before anything is copied: what is written meanwhile is in either. */
  private void begin(String table, List<String> keyAttributes) {
    var readers = IntStream.range(0, replicas.size())
        .mapToObj(region -> reader(region, table))
        .toList();
    for (int region = 0; region < replicas.size(); region++) {
      replication.copy(region, table, replicas.get(region).items(table), keyAttributes);
    }
    replication.read(readers);
  }

  private StreamReader reader(int region, String table) {
    var since = replication.nanos();
    var replica = replicas.get(region);
    return new StreamReader(
        replica, region, table, replica.streamOf(table), since, replication::nanos);
  }

  /** How many writes have been read from a stream and not yet reached, or missed, their target. */
  public long pending() {
    return replication.pending();
  }

  /** How many writes have been written to a region that they were not made in. */
  public long applied() {
    return replication.applied();
  }

  /** How many writes were beaten by later ones on their way, or found their like. */
  public long discarded() {
    return replication.discarded();
  }

  /**
   * Waits until every write that was acknowledged before this call has reached every region, or was
   * beaten by a later one: all regions then hold identical items, unless somebody writes on.
   *
   * @throws IllegalStateException if that is not so in time, as while a
   *     {@link RegionFault.Partition} lasts
   */
  public void awaitConvergence(Duration timeout) {
    var asked = replication.nanos();
    if (!Waiting.until(() -> replication.quietNanos() > asked, timeout)) {
      throw new IllegalStateException(
          "replication: " + pending() + " pending (expected: converged within " + timeout.toMillis()
              + " ms)" + replication.trouble());
    }
  }

  /** Ends its threads and connections. What is on its way is lost. */
  @Override
  public void close() {
    replication.close();
    replicas.forEach(Replica::close);
    connections.close();
  }

  /** Stops the way from a region to another; returns how it is opened again. */
  Runnable cut(String from, String to) {
    return link(from, to).cut();
  }

  /** Makes the way from a region to another longer; returns how it is shortened again. */
  Runnable delay(String from, String to, Duration by) {
    return link(from, to).delay(by);
  }

  private Link link(String from, String to) {
    if (from.equals(to)) {
      throw new IllegalArgumentException(
          "region: " + to + " (expected: another than " + from + ")");
    }
    return replication.link(index(from), index(to));
  }

  private int index(String region) {
    var index = names.indexOf(region);
    if (index < 0) {
      throw RegionHarness.unknown(region, names);
    }
    return index;
  }

  private static KeySchemaElement partition(String attribute) {
    return KeySchemaElement.builder()
        .attributeName(attribute)
        .keyType(KeyType.HASH)
        .build();
  }

  private static AttributeDefinition string(String attribute) {
    return AttributeDefinition.builder()
        .attributeName(attribute)
        .attributeType(ScalarAttributeType.S)
        .build();
  }
}
