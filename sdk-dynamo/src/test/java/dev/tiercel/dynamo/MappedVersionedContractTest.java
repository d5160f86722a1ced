package dev.tiercel.dynamo;

import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.DynamoDbEngine;

/** The contract on a table with versions that exists already. */
class MappedVersionedContractTest extends MappedContract {

  MappedVersionedContractTest(DynamoDbEngine engine) {
    super(engine);
  }

  @Override
  DynamoTable.Mapped table() {
    return DynamoTable.mapped(UniqueName.of("mapped"), "name", "data").versions("seq", "gone").expiry("until");
  }
}
