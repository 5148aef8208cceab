package io.isoline.controlplane.stream;

import java.util.List;

/** A part of the difference that may go now. */
record Batch(Upserts upserts, List<String> removals, List<String> absent, boolean answer) {
  boolean isEmpty() {
    return upserts.names().isEmpty() && removals.isEmpty() && absent.isEmpty() && !answer;
  }

  /** Names of resources that may go together. */
  record Upserts(Purpose purpose, List<String> names) {
    static final Upserts NONE = new Upserts(Purpose.CHANGE, List.of());
  }
}
