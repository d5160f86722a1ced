package dev.tiercel.dynamo;

import dev.tiercel.backend.Backend;
import dev.tiercel.testing.BackendContract;
import dev.tiercel.testing.DynamoDbExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.DynamoDbEngine;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract on a table of Tiercel's own. */
@ExtendWith(DynamoDbExtension.class)
class ManagedContractTest extends BackendContract {

  private static final DynamoTable TABLE = DynamoTable.managed(UniqueName.of("contract"));

  private static @Nullable LocalDynamo owner;

  @BeforeAll
  static void createTable(DynamoDbEngine engine) {
    owner = LocalDynamo.of(engine);
    try (var backend = DynamoBackend.create(LocalDynamo.options(engine), TABLE)) {
      backend.createTable().join();
    }
  }

  @AfterAll
  static void closeClient() {
    owner().close();
  }

  /** Over one client for all tests, since closing one takes its time. */
  @Override
  protected Backend create() {
    return DynamoBackend.over(owner().client(), owner().options(), TABLE, time());
  }

  private static LocalDynamo owner() {
    return Objects.requireNonNull(owner, "owner");
  }
}
