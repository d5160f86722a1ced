package dev.tiercel.testing.run;

import dev.tiercel.testing.check.HistoryRecorder;

/** Invalidates many keys at once, and has it recorded. */
final class GroupCalls {

  private final HistoryRecorder recorder;

  GroupCalls(HistoryRecorder recorder) {
    this.recorder = recorder;
  }

  void expireAll() {
    // A keyspace cannot yet.
  }

  /** Expires the group that a key is in. */
  void expireGroupOf(String key) {
    // A keyspace cannot yet expire more than the key.
    recorder.expire(key);
  }
}
