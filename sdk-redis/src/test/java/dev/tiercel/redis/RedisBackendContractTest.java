package dev.tiercel.redis;

import dev.tiercel.backend.Backend;
import dev.tiercel.testing.BackendContract;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.engine.RedisEngine;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
class RedisBackendContractTest extends BackendContract {

  private final RedisEngine redis;

  RedisBackendContractTest(RedisEngine redis) {
    this.redis = redis;
  }

  @Override
  protected Backend create() {
    return RedisBackend.connect(RedisOptions.of(redis.uri()));
  }
}
