package dev.tiercel.dynamo;

import dev.tiercel.backend.Backend;
import dev.tiercel.testing.BackendContract;
import dev.tiercel.testing.DynamoDbExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.DynamoDbEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract on a table of Tiercel's own. */
@ExtendWith(DynamoDbExtension.class)
class ManagedContractTest extends BackendContract {

  private static final DynamoTable TABLE = DynamoTable.managed(UniqueName.of("contract"));

  private final DynamoDbEngine engine;

  ManagedContractTest(DynamoDbEngine engine) {
    this.engine = engine;
  }

  @BeforeAll
  static void createTable(DynamoDbEngine engine) {
    try (var backend = DynamoBackend.create(LocalDynamo.options(engine), TABLE)) {
      backend.createTable().join();
    }
  }

  @Override
  protected Backend create() {
    return DynamoBackend.create(LocalDynamo.options(engine), TABLE, time());
  }
}
