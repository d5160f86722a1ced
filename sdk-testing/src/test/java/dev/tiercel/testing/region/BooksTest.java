package dev.tiercel.testing.region;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class BooksTest {

  private static final int EAST = 0;
  private static final int WEST = 1;
  private static final int SEEDS = 100;
  private static final ItemKey KEY = new ItemKey("table", Map.of("key", AttributeValue.fromS("a")));

  private final Books books = new Books(2, Duration.ofNanos(10), "version");

  @Test
  void simulated_anyInterleaving_regionsConverge() {
    for (long seed = 0; seed < SEEDS; seed++) {
      var regions = new SimulatedRegions(seed, false);
      regions.run(300);
      regions.settle();
      assertConverged(regions, seed);
    }
  }

  @Test
  void simulated_growingVersions_lastWriteWins() {
    for (long seed = 0; seed < SEEDS; seed++) {
      var regions = new SimulatedRegions(seed, true);
      regions.run(300);
      regions.settle();
      assertConverged(regions, seed);
      assertThat(regions.contents().get(0)).as("seed %s", seed).isEqualTo(regions.lastWritten());
    }
  }

  @Test
  void told_lagNotOver_nothingDue() {
    books.told(change(Image.NONE, item(1), 0, 5), EAST, 5);

    assertThat(books.due(14)).isEmpty();
    assertThat(books.due(15)).singleElement().satisfies(due -> {
      assertThat(due.commit().image()).isEqualTo(item(1));
      assertThat(due.expected()).isEqualTo(Image.NONE);
      assertThat(due.link().to()).isEqualTo(WEST);
    });
  }

  @Test
  void told_ownWrite_isNotSentBack() {
    books.told(change(Image.NONE, item(1), 0, 5), EAST, 5);
    applyAll(15);
    books.told(change(Image.NONE, item(1), 10, 20), WEST, 20);

    assertThat(books.due(100)).isEmpty();
    assertThat(books.pending()).isZero();
    assertThat(books.applied()).isEqualTo(1);
  }

  @Test
  void told_spansDoNotTouch_laterWinsWhateverItsVersion() {
    books.told(change(Image.NONE, item(9), 0, 5), EAST, 5);
    books.told(change(Image.NONE, item(1), 6, 8), WEST, 8);

    assertThat(books.due(100)).singleElement().satisfies(due -> {
      assertThat(due.commit().image()).isEqualTo(item(1));
      assertThat(due.link().to()).isEqualTo(EAST);
    });
    assertThat(books.discarded()).isEqualTo(1);
  }

  @Test
  void told_spansOverlap_largerVersionWins() {
    books.told(change(Image.NONE, item(9), 0, 5), EAST, 5);
    books.told(change(Image.NONE, item(1), 4, 8), WEST, 8);

    assertThat(books.due(100)).singleElement().satisfies(due -> {
      assertThat(due.commit().image()).isEqualTo(item(9));
      assertThat(due.link().to()).isEqualTo(WEST);
    });
  }

  @Test
  void told_replacesWhatWasReplicated_isLaterWhateverItsVersion() {
    books.told(change(Image.NONE, item(9), 0, 5), EAST, 5);
    applyAll(15);
    books.told(change(Image.NONE, item(9), 0, 20), WEST, 20);
    books.told(change(item(9), item(1), 0, 20), WEST, 20);

    assertThat(books.due(100)).singleElement().satisfies(due -> {
      assertThat(due.commit().image()).isEqualTo(item(1));
      assertThat(due.link().to()).isEqualTo(EAST);
    });
  }

  @Test
  void told_laterWriteWasReplacedUnnoticed_isSentToItsOwnRegion() {
    books.told(change(Image.NONE, item(1), 0, 5), EAST, 5);
    applyAll(15);
    books.told(change(Image.NONE, item(2), 14, 20), WEST, 20);
    books.told(change(item(2), item(1), 14, 20), WEST, 20);

    assertThat(books.due(21)).singleElement().satisfies(due -> {
      assertThat(due.commit().image()).isEqualTo(item(2));
      assertThat(due.expected()).isEqualTo(item(1));
      assertThat(due.link().to()).isEqualTo(WEST);
    });
  }

  @Test
  void cut_manyWritesOfOneItem_keepsTheLast() {
    var heal = books.link(EAST, WEST).cut();
    for (int version = 1; version <= 50; version++) {
      var before = version == 1 ? Image.NONE : item(version - 1);
      books.told(change(before, item(version), version, version), EAST, version);
    }
    assertThat(books.due(100)).isEmpty();
    assertThat(books.pending()).isEqualTo(1);

    heal.run();
    assertThat(books.due(100))
        .singleElement()
        .satisfies(due -> assertThat(due.commit().image()).isEqualTo(item(50)));
  }

  @Test
  void refused_streamTellsNothing_triesAgainOverWhatWasFound() {
    books.told(change(Image.NONE, item(2), 0, 5), EAST, 5);
    var due = books.due(15).get(0);
    books.tried(new Attempt(due.commit(), due.link(), Attempt.Fate.REFUSED, item(7), 20));

    assertThat(books.due(30)).isEmpty();
    books.complete("table", WEST, 21);
    assertThat(books.due(30))
        .singleElement()
        .satisfies(again -> assertThat(again.expected()).isEqualTo(item(7)));
  }

  @Test
  void forget_someStreamIsBehind_keeps() {
    books.told(change(Image.NONE, item(1), 0, 5), EAST, 5);
    applyAll(15);
    books.told(change(Image.NONE, item(1), 10, 20), WEST, 20);
    books.complete("table", EAST, 21);
    books.complete("table", WEST, 5);
    books.forget();
    assertThat(books.size()).isEqualTo(1);

    books.complete("table", WEST, 21);
    books.forget();
    assertThat(books.size()).isZero();
  }

  private void applyAll(long nowNanos) {
    books
        .due(nowNanos)
        .forEach(due -> books.tried(
            new Attempt(due.commit(), due.link(), Attempt.Fate.APPLIED, null, nowNanos)));
  }

  private static void assertConverged(SimulatedRegions regions, long seed) {
    assertThat(regions.contents().stream().distinct()).as("seed %s", seed).hasSize(1);
    assertThat(regions.books().pending()).as("seed %s", seed).isZero();
    assertThat(regions.books().size()).as("seed %s", seed).isZero();
  }

  private static Change change(Image before, Image after, long since, long until) {
    return new Change(KEY, before, after, since, until);
  }

  private static Image item(long version) {
    var attributes = new HashMap<>(KEY.attributes());
    attributes.put("version", AttributeValue.fromN(Long.toString(version)));
    return new Image(attributes);
  }
}
