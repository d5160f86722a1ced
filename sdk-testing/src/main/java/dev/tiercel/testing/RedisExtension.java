package dev.tiercel.testing;

import dev.tiercel.testing.engine.RedisEngine;

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
 */
public final class RedisExtension extends EngineExtension<RedisEngine> {

  /** Shares the engine of the run. */
  public RedisExtension() {
    this(false);
  }

  private RedisExtension(boolean own) {
    super(RedisEngine.class, RedisEngine::launch, own);
  }

  /** An engine for those who register it alone. */
  public static RedisExtension own() {
    return new RedisExtension(true);
  }
}
