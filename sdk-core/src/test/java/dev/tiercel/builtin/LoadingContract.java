package dev.tiercel.builtin;

import dev.tiercel.testing.FakeTimeBackendContract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The contract of sources made of functions over a map, which knows nothing of keyspaces. */
abstract class LoadingContract extends FakeTimeBackendContract {

  final Map<String, byte[]> rows = new ConcurrentHashMap<>();

  @Override
  public void store(String keyspace, String key, byte[] payload) {
    rows.put(key, payload);
  }

  @Override
  public boolean keepsKeyspacesApart() {
    return false;
  }

  Map<String, byte[]> select(List<String> keys) {
    var found = new HashMap<String, byte[]>();
    keys.forEach(key -> found.computeIfAbsent(key, rows::get));
    return found;
  }
}
