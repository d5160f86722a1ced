package dev.tiercel.testing;

import dev.tiercel.testing.engine.DynamoDbEngine;

/**
 * Gives tests a real DynamoDB Local: a parameter of type {@link DynamoDbEngine}, in a constructor,
 * a test or a lifecycle method.
 *
 * <p>{@code @ExtendWith(DynamoDbExtension.class)} shares one engine among all classes of the run,
 * since a start costs more than most tests: keep apart what tests write by {@linkplain UniqueName
 * names}, and neither stop nor flush it.
 *
 * <p>{@code @RegisterExtension static final DynamoDbExtension own = DynamoDbExtension.own()} gives
 * the class an engine of its own, to kill and pause as it likes: each test finds it answering. In a
 * field that is not static, each test has its own.
 */
public final class DynamoDbExtension extends EngineExtension<DynamoDbEngine> {

  /** Shares the engine of the run. */
  public DynamoDbExtension() {
    this(false);
  }

  private DynamoDbExtension(boolean own) {
    super(DynamoDbEngine.class, DynamoDbEngine::launch, own);
  }

  /** An engine for those who register it alone. */
  public static DynamoDbExtension own() {
    return new DynamoDbExtension(true);
  }
}
