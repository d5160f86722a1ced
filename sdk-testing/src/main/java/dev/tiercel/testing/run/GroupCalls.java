package dev.tiercel.testing.run;

import dev.tiercel.Keyspace;
import dev.tiercel.testing.check.HistoryRecorder;
import dev.tiercel.testing.check.Operation.Barrier;
import dev.tiercel.testing.check.Scope;

/** Invalidates many keys at once, and has it recorded. */
final class GroupCalls {

  private final HistoryRecorder recorder;
  private final Keyspace<String, String> keyspace;
  private final KeyspaceUnderTest subject;

  GroupCalls(
      HistoryRecorder recorder, Keyspace<String, String> keyspace, KeyspaceUnderTest subject) {
    this.recorder = recorder;
    this.keyspace = keyspace;
    this.subject = subject;
  }

  Barrier expireAll() {
    return recorder.invalidate(new Scope.All(), keyspace::expireAll);
  }

  /** Expires the group that a key is in, if it is in one. */
  void expireGroupOf(String key) {
    subject
        .group(key)
        .ifPresent(group ->
            recorder.invalidate(new Scope.Group(group), () -> keyspace.expireGroup(group)));
  }
}
