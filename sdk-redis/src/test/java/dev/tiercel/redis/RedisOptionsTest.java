package dev.tiercel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisOptionsTest {

  private static final RedisOptions OPTIONS =
      RedisOptions.of(URI.create("redis://ann:s3cret@localhost:7000/3"));

  private static final URI REPLICA = URI.create("redis://ann:s3cret@localhost:7001/3");

  @Test
  void text_holdsNoCredentials() {
    assertThat(OPTIONS.region("eu"))
        .hasToString("RedisOptions{address: redis://localhost:7000, region: eu}");
  }

  @Test
  void uri_isUnderstoodInFull() {
    var uri = Address.parse(OPTIONS.uri(), Duration.ofMillis(70));

    assertThat(uri.getHost()).isEqualTo("localhost");
    assertThat(uri.getPort()).isEqualTo(7000);
    assertThat(uri.getDatabase()).isEqualTo(3);
    assertThat(uri.getTimeout()).isEqualTo(Duration.ofMillis(70));
    assertThat(Address.parse(URI.create("rediss://localhost"), Duration.ofMillis(70))
            .isSsl())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "http://ann:s3cret@localhost",
        "redis:///3",
        "redis://ann:s3cret@localhost/three",
        "redis-sentinel://ann:s3cret@localhost#main"
      })
  void uri_thatIsNoStandaloneRedis_isRefusedWithoutShowingIt(String uri) {
    assertThatThrownBy(() -> RedisOptions.of(URI.create(uri)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("uri: ")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @Test
  void bounds_areChecked() {
    assertRefused("connectTimeout", () -> OPTIONS.connectTimeout(Duration.ZERO));
    assertRefused(
        "connectTimeout", () -> OPTIONS.connectTimeout(Duration.ofSeconds(Long.MAX_VALUE)));
    assertRefused("stallLimit", () -> OPTIONS.stallLimit(Duration.ofHours(2)));
    assertRefused("versionRetention", () -> OPTIONS.versionRetention(Duration.ofMillis(-1)));
    assertRefused("barrierRetention", () -> OPTIONS.barrierRetention(Duration.ofMillis(999)));
    assertRefused("barrierRetention", () -> OPTIONS.barrierRetention(Duration.ofDays(367)));
    assertRefused("maxQueuedCommands", () -> OPTIONS.maxQueuedCommands(0));
    assertRefused("maxQueuedCommands", () -> OPTIONS.maxQueuedCommands(1_000_001));
    assertRefused("maxValueBytes", () -> OPTIONS.maxValueBytes(0));
    assertRefused("maxValueBytes", () -> OPTIONS.maxValueBytes(Integer.MAX_VALUE));
  }

  @Test
  void feed_boundsAreChecked() {
    var feed = FeedOptions.defaults();
    var second = Duration.ofSeconds(1);

    assertThat(OPTIONS.feed(feed.mode(FeedOptions.Mode.PUBLISH)).feed().mode())
        .isEqualTo(FeedOptions.Mode.PUBLISH);
    assertRefused("heartbeat", () -> feed.heartbeat(Duration.ZERO, second));
    assertRefused("heartbeat", () -> feed.heartbeat(Duration.ofHours(2), Duration.ofHours(3)));
    assertRefused("silence", () -> feed.heartbeat(second, second));
    assertRefused("silence", () -> feed.heartbeat(second, Duration.ofHours(2)));
  }

  @Test
  void replicas_areNoneUntilNamed_andMayLagHalfASecond() {
    assertThat(OPTIONS.replicas())
        .isEqualTo(new ReplicaOptions(List.of(), Duration.ofMillis(500), Map.of()));

    var named = OPTIONS.maxReplicaLag(Duration.ofSeconds(1)).replicas(List.of(REPLICA));

    assertThat(named.replicas())
        .isEqualTo(new ReplicaOptions(List.of(REPLICA), Duration.ofSeconds(1), Map.of()))
        .hasToString("ReplicaOptions{addresses: [redis://localhost:7001], maxLag: PT1S}");
    assertThat(named.replicas(List.of())).isEqualTo(OPTIONS.maxReplicaLag(Duration.ofSeconds(1)));
  }

  @Test
  void replicas_boundsAreChecked_withoutShowingCredentials() {
    assertRefused("maxLag", () -> OPTIONS.maxReplicaLag(Duration.ofMillis(49)));
    assertRefused("maxLag", () -> OPTIONS.maxReplicaLag(Duration.ofHours(2)));
    assertThatThrownBy(() -> OPTIONS.replicas(List.of(URI.create("http://ann:s3cret@localhost"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("replica: ")
        .hasMessageNotContaining("s3cret");
  }

  private static void assertRefused(String name, ThrowingCallable making) {
    assertThatThrownBy(making)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name + ": ");
  }
}
