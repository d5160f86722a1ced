package dev.tiercel.dynamo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;

class DynamoTableTest {

  private static final DynamoTable.Mapped MAPPED = DynamoTable.mapped("orders", "id", "body");

  @Test
  void names_thatDynamoDbDoesNotTake_areRefused() {
    for (var name : List.of("", "ab", "a b c", "ü".repeat(3), "a".repeat(256))) {
      assertThatThrownBy(() -> DynamoTable.managed(name))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> DynamoTable.mapped(name, "id", "body"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void attributes_namedTwice_areRefused() {
    assertThatThrownBy(() -> DynamoTable.mapped("orders", "id", "id"))
        .hasMessageContaining("id twice");
    assertThatThrownBy(() -> MAPPED.versions("seq", "body")).hasMessageContaining("body twice");
    assertThatThrownBy(() -> MAPPED.expiry("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void capabilities_sayWhatTheTableCanDo() {
    assertThat(Layout.of(DynamoTable.managed("orders")).capabilities().features())
        .containsExactlyInAnyOrder(
            Feature.WRITE,
            Feature.VERSIONS,
            Feature.METADATA,
            Feature.EXPIRY,
            Feature.CONSISTENT_READS,
            Feature.IF_ABSENT,
            Feature.IF_VERSION,
            Feature.IF_NEWER,
            Feature.HEDGED_READS);
    assertThat(Layout.of(MAPPED).capabilities())
        .isEqualTo(new Capabilities(
            100,
            25,
            2048,
            Layout.MAX_VALUE_BYTES,
            Set.of(Feature.WRITE, Feature.CONSISTENT_READS, Feature.HEDGED_READS)));
    assertThat(Layout.of(MAPPED.versions("seq", "gone")).capabilities().features())
        .contains(Feature.VERSIONS, Feature.IF_NEWER, Feature.IF_ABSENT, Feature.IF_VERSION)
        .doesNotContain(Feature.METADATA, Feature.EXPIRY, Feature.LEASES);
    assertThat(Layout.of(MAPPED.expiry("until")).capabilities().features())
        .containsExactlyInAnyOrder(
            Feature.WRITE, Feature.CONSISTENT_READS, Feature.HEDGED_READS, Feature.EXPIRY);
  }

  @Test
  void options_outOfBounds_areRefused() {
    var options = DynamoOptions.of(Region.EU_CENTRAL_1);

    assertThatThrownBy(() -> options.maxConnections(0)).hasMessageContaining("maxConnections: 0");
    assertThatThrownBy(() -> options.maxPendingConnections(0))
        .hasMessageContaining("maxPendingConnections: 0");
    assertThatThrownBy(() -> options.maxConcurrentWrites(0))
        .hasMessageContaining("maxConcurrentWrites: 0");
    assertThatThrownBy(() -> options.maxQueuedWrites(0)).hasMessageContaining("maxQueuedWrites: 0");
    assertThatThrownBy(() -> options.connectTimeout(Duration.ZERO))
        .hasMessageContaining("connectTimeout");
  }

  @Test
  void options_text_hidesTheCredentials() {
    assertThat(DynamoOptions.of(Region.EU_CENTRAL_1)
            .credentials(LocalDynamo.CREDENTIALS)
            .toString())
        .contains("eu-central-1")
        .doesNotContain("testaccess", "testsecret");
  }
}
