package dev.tiercel.dynamo;

import dev.tiercel.backend.Backend;
import dev.tiercel.testing.BackendContract;
import dev.tiercel.testing.DynamoDbExtension;
import dev.tiercel.testing.engine.DynamoDbEngine;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract on tables that exist already: a new one for each test, since a table is one keyspace. */
@ExtendWith(DynamoDbExtension.class)
abstract class MappedContract extends BackendContract {

  private final DynamoDbEngine engine;

  MappedContract(DynamoDbEngine engine) {
    this.engine = engine;
  }

  /** A table by a name of its own. */
  abstract DynamoTable.Mapped table();

  @Override
  protected Backend create() {
    var table = table();
    try (var owner = LocalDynamo.of(engine)) {
      owner.createTable(table);
    }
    return DynamoBackend.create(LocalDynamo.options(engine), table, time());
  }

  @Override
  public boolean keepsKeyspacesApart() {
    return false;
  }
}
