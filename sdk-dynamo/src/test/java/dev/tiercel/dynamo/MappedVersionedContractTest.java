package dev.tiercel.dynamo;

import dev.tiercel.testing.UniqueName;

/** The contract on a table with versions that exists already. */
class MappedVersionedContractTest extends MappedContract {

  @Override
  DynamoTable.Mapped table() {
    return DynamoTable.mapped(UniqueName.of("mapped"), "name", "data")
        .versions("seq", "gone")
        .expiry("until");
  }
}
