package dev.tiercel.testing.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

@Regions
class ReplicatorTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Connections CONNECTIONS = new Connections(16);

  private final RegionHarness harness;
  private final Replicator replicator;
  private final String table = UniqueName.of("items");
  private final TableClient east;
  private final TableClient west;

  ReplicatorTest(RegionHarness harness) {
    this.harness = harness;
    replicator = harness.replicator();
    east = client("east");
    west = client("west");
  }

  private TableClient client(String region) {
    return TableClient.of(CONNECTIONS, harness.region(region).endpoints().dynamoDb(), table);
  }

  @AfterEach
  void closeClients() {
    east.close();
    west.close();
  }

  @AfterAll
  static void closeConnections() {
    CONNECTIONS.close();
  }

  @Test
  void write_inEitherRegion_reachesTheOtherOnceAndDoesNotComeBack() {
    replicator.createTable(table, "key");
    var applied = replicator.applied();
    east.put("a", 1, "from east");
    west.put("b", 2, "from west");
    replicator.awaitConvergence(PATIENCE);

    assertThat(west.value("a")).isEqualTo("from east");
    assertThat(east.value("b")).isEqualTo("from west");
    east.delete("a");
    replicator.awaitConvergence(PATIENCE);

    assertThat(west.value("a")).isEmpty();
    assertThat(replicator.applied() - applied).isEqualTo(3);
    assertThat(replicator.pending()).isZero();
  }

  @Test
  void concurrentWrites_partitionedAndHealed_regionsHoldTheSame() throws Exception {
    replicator.createTable(table, "key");
    var clock = new AtomicLong();
    try (var threads = new Calls(4)) {
      var writers = List.<Callable<Boolean>>of(
          () -> write(east, harness.seed(), clock),
          () -> write(west, harness.seed() + 1, clock),
          () -> write(east, harness.seed() + 2, clock),
          () -> partitionInTheMiddle(clock));
      assertThat(threads.all(writers)).containsOnly(true);
    }
    replicator.awaitConvergence(PATIENCE);

    assertThat(east.items()).as("seed %s", harness.seed()).isNotEmpty().isEqualTo(west.items());
  }

  private static boolean write(TableClient region, long seed, AtomicLong clock) {
    var random = new Random(seed);
    for (int write = 0; write < 150; write++) {
      var key = "k" + random.nextInt(6);
      var version = clock.incrementAndGet();
      if (random.nextInt(10) == 0) {
        region.delete(key);
      } else {
        region.put(key, version, "seed " + seed + ", write " + write);
      }
    }
    return true;
  }

  private boolean partitionInTheMiddle(AtomicLong clock) {
    await(() -> clock.get() > 100);
    var partition = harness.inject(new RegionFault.Partition("east", "west"));
    await(() -> clock.get() > 300);
    partition.heal();
    return true;
  }

  @Test
  void partition_writesOnBothSides_convergeToTheLaterOnceHealed() {
    replicator.createTable(table, "key");
    var partition = harness.inject(new RegionFault.Partition("east", "west"));
    east.put("a", 1, "first");
    await(() -> replicator.pending() == 1);
    west.put("a", 2, "second");
    await(() -> replicator.pending() == 2);

    assertThat(east.value("a")).isEqualTo("first");
    assertThatIllegalStateException()
        .isThrownBy(() -> replicator.awaitConvergence(Duration.ofMillis(100)))
        .withMessageContaining("2 pending");
    partition.heal();
    replicator.awaitConvergence(PATIENCE);

    assertThat(east.value("a")).isEqualTo("second");
    assertThat(west.value("a")).isEqualTo("second");
  }

  @Test
  void lag_writeTravels_arrivesWhenItIsOver() {
    replicator.createTable(table, "key");
    var lag = harness.inject(new RegionFault.Lag("east", "west", Duration.ofHours(1)));
    east.put("a", 1, "slow");
    west.put("b", 2, "quick");
    await(() -> !east.value("b").isEmpty());

    assertThat(west.value("a")).isEmpty();
    assertThat(replicator.pending()).isPositive();
    lag.heal();
    replicator.awaitConvergence(PATIENCE);

    assertThat(west.value("a")).isEqualTo("slow");
  }

  @Test
  void replicate_tableWithItemsInOneRegion_isCopied() {
    try (var owner = new Replica("east", harness.region("east").direct().dynamoDb(), CONNECTIONS)) {
      owner.create(table, List.of(partitionKey()), List.of(stringKey()));
    }
    east.put("a", 1, "before");
    replicator.replicate(table);
    replicator.awaitConvergence(PATIENCE);

    assertThat(west.value("a")).isEqualTo("before");
    west.put("a", 2, "after");
    replicator.awaitConvergence(PATIENCE);

    assertThat(east.value("a")).isEqualTo("after");
  }

  @Test
  void replicate_noSuchTable_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> replicator.replicate(table))
        .withMessageContaining(table);
  }

  private static KeySchemaElement partitionKey() {
    return KeySchemaElement.builder().attributeName("key").keyType(KeyType.HASH).build();
  }

  private static AttributeDefinition stringKey() {
    return AttributeDefinition.builder()
        .attributeName("key")
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static void await(BooleanSupplier condition) {
    assertThat(Waiting.until(condition, PATIENCE)).isTrue();
  }
}
