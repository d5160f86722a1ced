package dev.tiercel.dynamo;

import dev.tiercel.testing.UniqueName;

/** The contract on a table without versions that exists already. */
class MappedPlainContractTest extends MappedContract {

  @Override
  DynamoTable.Mapped table() {
    return DynamoTable.mapped(UniqueName.of("mapped"), "name", "data");
  }
}
