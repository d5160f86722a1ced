package dev.tiercel.dynamo;

import dev.tiercel.backend.Backend;
import dev.tiercel.testing.BackendContract;
import dev.tiercel.testing.DynamoDbExtension;
import dev.tiercel.testing.engine.DynamoDbEngine;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract on tables that exist already: a new one for each test, since a table is one
 * keyspace.
 */
@ExtendWith(DynamoDbExtension.class)
abstract class MappedContract extends BackendContract {

  private static @Nullable LocalDynamo owner;

  @BeforeAll
  static void openClient(DynamoDbEngine engine) {
    owner = LocalDynamo.of(engine);
  }

  @AfterAll
  static void closeClient() {
    owner().close();
  }

  /** A table by a name of its own. */
  abstract DynamoTable.Mapped table();

  @Override
  protected Backend create() {
    var table = table();
    owner().createTable(table);
    return DynamoBackend.over(owner().client(), owner().options(), table, time());
  }

  private static LocalDynamo owner() {
    return Objects.requireNonNull(owner, "owner");
  }

  @Override
  public boolean keepsKeyspacesApart() {
    return false;
  }
}
