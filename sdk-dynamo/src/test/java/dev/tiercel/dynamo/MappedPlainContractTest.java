package dev.tiercel.dynamo;

import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.DynamoDbEngine;

/** The contract on a table without versions that exists already. */
class MappedPlainContractTest extends MappedContract {

  MappedPlainContractTest(DynamoDbEngine engine) {
    super(engine);
  }

  @Override
  DynamoTable.Mapped table() {
    return DynamoTable.mapped(UniqueName.of("mapped"), "name", "data");
  }
}
