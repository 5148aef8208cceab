package io.isoline.translator.backend;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.model.Upstream;
import org.jspecify.annotations.Nullable;

/** What a reference to a port of a Service leads to. */
public sealed interface Resolution {

  /**
   * A port that can be used.
   *
   * @param difference in what it is used otherwise than the Service asks, null when it is not
   */
  record Found(Upstream upstream, @Nullable String difference) implements Resolution {}

  /** Nothing that could answer; requests get 503. */
  record Unresolved(Reason reason, String message, String fix) implements Resolution {}
}
