package dev.tiercel.testing;

import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.testing.engine.RedisReplicas;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;

/**
 * Gives tests a real Redis: a parameter of type {@link RedisEngine}, in a constructor, a test or a
 * lifecycle method.
 *
 * <p>{@code @ExtendWith(RedisExtension.class)} shares one engine among all classes of the run,
 * since a start costs more than most tests: keep apart what tests write by {@linkplain UniqueName
 * names}, and neither stop nor flush it.
 *
 * <p>{@code @RegisterExtension static final RedisExtension own = RedisExtension.own()} gives the
 * class an engine of its own, to kill and pause as it likes: each test finds it answering. In a
 * field that is not static, each test has its own.
 *
 * <p>{@code RedisExtension.withReplicas(2)} gives it replicas as well, as a parameter of type
 * {@link RedisReplicas}: each test finds them answering and in sync.
 */
public final class RedisExtension extends EngineExtension<RedisEngine> {

  private final int replicas;

  /** Shares the engine of the run. */
  public RedisExtension() {
    this(false, 0);
  }

  private RedisExtension(boolean own, int replicas) {
    super(RedisEngine.class, RedisEngine::launch, own);
    this.replicas = replicas;
  }

  /** An engine for those who register it alone. */
  public static RedisExtension own() {
    return new RedisExtension(true, 0);
  }

  /**
   * An engine for those who register it alone, with replicas.
   *
   * @param count how many, at least 1
   */
  public static RedisExtension withReplicas(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("replicas: " + count + " (expected: at least 1)");
    }
    return new RedisExtension(true, count);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    super.beforeAll(context);
    if (replicas > 0) {
      replicas(context);
    }
  }

  /** Brings back the replicas that the test before has stopped, detached or left behind, too. */
  @Override
  public void beforeEach(ExtensionContext context) {
    super.beforeEach(context);
    if (replicas > 0) {
      replicas(context).restore();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return isReplicas(parameter) || super.supportsParameter(parameter, context);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return isReplicas(parameter) ? replicas(context) : super.resolveParameter(parameter, context);
  }

  private boolean isReplicas(ParameterContext parameter) {
    return replicas > 0 && parameter.getParameter().getType() == RedisReplicas.class;
  }

  /** The store closes what it has taken last first: the replicas before their primary. */
  private RedisReplicas replicas(ExtensionContext context) {
    var primary = engine(context);
    return store(context)
        .getOrComputeIfAbsent(
            RedisReplicas.class,
            ignored -> RedisReplicas.of(primary, replicas),
            RedisReplicas.class);
  }
}
