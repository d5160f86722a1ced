package dev.tiercel.dynamo;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A backend on a scripted client, fake time and a chance that is always the same. */
final class Fixture {

  static final String TABLE = "tiercel-test";
  static final String KEYSPACE = "users";

  final FakeTime time = new FakeTime();
  final ScriptedDynamo dynamo = new ScriptedDynamo();
  final DynamoBackend backend;

  Fixture() {
    this(DynamoOptions.of(Region.EU_CENTRAL_1));
  }

  Fixture(DynamoOptions options) {
    // Half of each limit: 5 ms, 10 ms, 20 ms, ...
    var backoff = new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1), () -> 0.5);
    backend = new DynamoBackend(
        dynamo,
        () -> Credentials.READY,
        options,
        DynamoTable.managed(TABLE),
        time,
        backoff,
        () -> {});
  }

  CallContext within(Duration timeout) {
    return CallContext.of(Deadline.after(timeout, time));
  }

  static Mutation put(String key, long version, Condition condition) {
    return new Mutation.Put(key, entry(version), condition);
  }

  static WriteRequest writes(Mutation... mutations) {
    return new WriteRequest(KEYSPACE, List.of(mutations));
  }

  static EncodedEntry entry(long version) {
    return new EncodedEntry(new byte[] {1}, 1, 0, version, 0, 0, 0);
  }

  static AttributeValue keyValue(String key) {
    return AttributeValue.fromS(KEYSPACE + ":" + key);
  }

  /** An item as the backend would write it. */
  static Map<String, AttributeValue> item(String key, EncodedEntry entry) {
    var item = new HashMap<>(new ManagedLayout(TABLE).attributes(entry));
    item.put(ManagedLayout.KEY, keyValue(key));
    return item;
  }

  static Map<String, AttributeValue> item(String key) {
    return item(key, entry(1));
  }

  static List<Map<String, AttributeValue>> keys(String... keys) {
    return Stream.of(keys).map(key -> Map.of(ManagedLayout.KEY, keyValue(key))).toList();
  }

  static List<String> names(List<Map<String, AttributeValue>> keys) {
    var names = new ArrayList<String>();
    keys.forEach(key -> names.add(key.get(ManagedLayout.KEY).s().substring(KEYSPACE.length() + 1)));
    return names;
  }
}
