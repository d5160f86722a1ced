package dev.tiercel.testing.region;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Regions as the replicator sees them, with every interleaving that a seed can think of: tables
 * that others write to at any moment, streams that are read late, answers that get lost.
 */
final class SimulatedRegions {

  private static final int REGIONS = 3;
  private static final int KEYS = 4;
  private static final long TICK = 100_000;

  private final Random random;
  private final boolean versions;
  private final Books books = new Books(REGIONS, Duration.ofNanos(40 * TICK), "version");
  private final List<Table> tables = new ArrayList<>();
  private final Map<ItemKey, Image> lastWritten = new HashMap<>();
  private final List<Runnable> cuts = new ArrayList<>();
  private boolean settling;
  private long now = 1;

  /** A region's table and its stream. */
  private static final class Table {
    private final Map<ItemKey, Image> items = new HashMap<>();
    private final List<Change> unread = new ArrayList<>();
    private long completeNanos;
  }

  /**
   * Empty regions.
   *
   * @param versions whether items have versions that grow with time; without, contents come again
   *     and items are deleted
   */
  SimulatedRegions(long seed, boolean versions) {
    random = new Random(seed);
    this.versions = versions;
    for (int region = 0; region < REGIONS; region++) {
      tables.add(new Table());
    }
  }

  Books books() {
    return books;
  }

  /** What each region holds. */
  List<Map<ItemKey, Image>> contents() {
    return tables.stream().map(table -> table.items).toList();
  }

  /** What was written last of each item, by whoever. */
  Map<ItemKey, Image> lastWritten() {
    return lastWritten;
  }

  void run(int steps) {
    for (int step = 0; step < steps; step++) {
      now += TICK;
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> write();
        case 3, 4 -> read(random.nextInt(REGIONS));
        case 5, 6 -> replicate();
        default -> cutOrHeal();
      }
    }
  }

  /** Heals everything and lets the replicator work until it has nothing to do. */
  void settle() {
    settling = true;
    cuts.forEach(Runnable::run);
    for (int round = 0; round < 200; round++) {
      now += 50 * TICK;
      for (int region = 0; region < REGIONS; region++) {
        read(region);
        read(region);
      }
      replicate();
    }
    books.forget();
  }

  private void write() {
    var key = key(random.nextInt(KEYS));
    var image = versions ? item(key, now) : content(key);
    change(tables.get(random.nextInt(REGIONS)), key, image);
    lastWritten.put(key, image);
  }

  private Image content(ItemKey key) {
    return random.nextInt(4) == 0 ? Image.NONE : item(key, random.nextInt(3));
  }

  /** Nothing is told where nothing changes. */
  private void change(Table table, ItemKey key, Image image) {
    var before = table.items.getOrDefault(key, Image.NONE);
    if (image.isNone()) {
      table.items.remove(key);
    } else {
      table.items.put(key, image);
    }
    if (!before.equals(image)) {
      table.unread.add(new Change(key, before, image, 0, 0));
    }
  }

  /** Everything at once, or the beginning of it. */
  private void read(int region) {
    var table = tables.get(region);
    var asked = now;
    now += TICK;
    var count = random.nextInt(4) > 0 ? table.unread.size() : table.unread.size() / 2;
    for (var change : List.copyOf(table.unread.subList(0, count))) {
      var spanned =
          new Change(change.key(), change.before(), change.after(), table.completeNanos, now);
      books.told(spanned, region, now);
    }
    if (table.unread.isEmpty()) {
      table.completeNanos = asked;
    }
    table.unread.subList(0, count).clear();
    books.complete("table", region, table.completeNanos);
  }

  /** Others write between the decision and the deed. */
  private void replicate() {
    for (var due : books.due(now)) {
      now += TICK;
      if (!settling && random.nextInt(5) == 0) {
        write();
      }
      books.tried(attempt(due));
    }
  }

  private Attempt attempt(Books.Due due) {
    var commit = due.commit();
    var table = tables.get(due.link().to());
    var found = table.items.getOrDefault(commit.key(), Image.NONE);
    var lost = random.nextInt(10) == 0;
    if (lost && random.nextBoolean()) {
      return new Attempt(commit, due.link(), Attempt.Fate.UNKNOWN, null, now += TICK);
    } else if (!found.equals(due.expected())) {
      return new Attempt(commit, due.link(), Attempt.Fate.REFUSED, found, now += TICK);
    }
    change(table, commit.key(), commit.image());
    var fate = lost ? Attempt.Fate.UNKNOWN : Attempt.Fate.APPLIED;
    return new Attempt(commit, due.link(), fate, null, now += TICK);
  }

  private void cutOrHeal() {
    if (cuts.isEmpty() || random.nextBoolean()) {
      cuts.add(books.link(random.nextInt(REGIONS), random.nextInt(REGIONS)).cut());
    } else {
      cuts.remove(random.nextInt(cuts.size())).run();
    }
  }

  private static ItemKey key(int number) {
    return new ItemKey("table", Map.of("key", AttributeValue.fromS("k" + number)));
  }

  private static Image item(ItemKey key, long version) {
    var attributes = new HashMap<>(key.attributes());
    attributes.put("version", AttributeValue.fromN(Long.toString(version)));
    return new Image(attributes);
  }
}
