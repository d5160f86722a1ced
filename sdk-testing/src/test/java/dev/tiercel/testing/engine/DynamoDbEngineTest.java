package dev.tiercel.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.testing.DynamoDbExtension;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbEngineTest {
  private static final String TABLE =
      "{\"TableName\":\"orders\",\"BillingMode\":\"PAY_PER_REQUEST\","
          + "\"KeySchema\":[{\"AttributeName\":\"k\",\"KeyType\":\"HASH\"}],"
          + "\"AttributeDefinitions\":[{\"AttributeName\":\"k\",\"AttributeType\":\"S\"}]}";
  private static final String ITEM =
      "{\"TableName\":\"orders\",\"Item\":{\"k\":{\"S\":\"a\"},\"v\":{\"N\":\"1\"}},"
          + "\"ConditionExpression\":\"attribute_not_exists(k)\"}";
  private static final String KEYS =
      "{\"RequestItems\":{\"orders\":{\"Keys\":[{\"k\":{\"S\":\"a\"}}]}}}";

  @RegisterExtension
  static final DynamoDbExtension OWN = DynamoDbExtension.own();

  private final DynamoDbEngine engine;

  DynamoDbEngineTest(DynamoDbEngine engine) {
    this.engine = engine;
  }

  @Test
  void launch_conditionalPutAndBatchGet_serves() throws IOException {
    assertThat(ask("eu-west-1", "CreateTable", TABLE)).contains("ACTIVE");
    assertThat(ask("eu-west-1", "PutItem", ITEM)).isEqualTo("{}");
    assertThat(ask("eu-west-1", "PutItem", ITEM)).contains("ConditionalCheckFailedException");
    assertThat(ask("eu-west-1", "BatchGetItem", KEYS)).contains("{\"N\":\"1\"}");
  }

  @Test
  void launch_otherRegion_hasTablesOfItsOwn() throws IOException {
    assertThat(ask("us-east-1", "CreateTable", TABLE)).contains("ACTIVE");
    assertThat(ask("us-west-2", "ListTables", "{}")).isEqualTo("{\"TableNames\":[]}");
  }

  @Test
  void kill_thenStart_samePortAndEmpty() throws IOException {
    int port = engine.port();
    assertThat(ask("sa-east-1", "CreateTable", TABLE)).contains("ACTIVE");

    engine.kill();
    assertThat(engine.isRunning()).isFalse();
    assertThatThrownBy(() -> ask("sa-east-1", "ListTables", "{}"))
        .isInstanceOf(ConnectException.class);
    engine.start();

    assertThat(engine.port()).isEqualTo(port);
    assertThat(ask("sa-east-1", "ListTables", "{}")).isEqualTo("{\"TableNames\":[]}");
  }

  @Test
  void pause_request_answeredOnlyAfterResume() throws IOException {
    engine.pause();
    assertThatThrownBy(() -> ask("eu-west-1", "ListTables", "{}"))
        .isInstanceOf(SocketTimeoutException.class);
    engine.resume();
    assertThat(ask("eu-west-3", "ListTables", "{}")).isEqualTo("{\"TableNames\":[]}");
  }

  @Test
  void close_leavesNoProcessAndNoFile() throws Exception {
    var other = DynamoDbEngine.launch();
    var process = other.process().handle().orElseThrow();
    var directory = other.process().log().getParent();
    assertThat(process.isAlive()).isTrue();

    other.close();

    process.onExit().get(10, TimeUnit.SECONDS);
    assertThat(process.isAlive()).isFalse();
    assertThat(directory).doesNotExist();
  }

  @Test
  void launch_itsLibraries_stayOffThisClassPath() {
    assertThat(System.getProperty("java.class.path"))
        .doesNotContain("DynamoDBLocal", "mockito", "log4j", "aws-java-sdk", "jedis")
        .doesNotContain("jackson-databind", "jackson-dataformat");
    assertThatThrownBy(
            () -> Class.forName("com.amazonaws.services.dynamodbv2.local.main.ServerRunner"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  private String ask(String region, String operation, String body) throws IOException {
    var connection = (HttpURLConnection) engine.endpoint().toURL().openConnection();
    connection.setReadTimeout(operation.equals("CreateTable") ? 10_000 : 2_000);
    connection.setDoOutput(true);
    connection.setRequestProperty("X-Amz-Target", "DynamoDB_20120810." + operation);
    connection.setRequestProperty("Content-Type", "application/x-amz-json-1.0");
    connection.setRequestProperty(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=test/20260101/" + region
            + "/dynamodb/aws4_request, SignedHeaders=host, Signature=none");
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    try (var answer = connection.getResponseCode() < 400
        ? connection.getInputStream()
        : connection.getErrorStream()) {
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
