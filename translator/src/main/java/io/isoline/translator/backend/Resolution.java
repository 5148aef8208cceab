package io.isoline.translator.backend;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.model.Upstream;
import org.jspecify.annotations.Nullable;

/** What a reference to a port of a Service leads to. */
public sealed interface Resolution {

  /**
   * A port that can be used.
   *
   * @param difference in what it is used otherwise than was asked, null when it is not
   */
  record Found(Upstream upstream, @Nullable Difference difference) implements Resolution {}

  /** In what a port is used otherwise than its Service or its Ingress asks. */
  record Difference(String message, String fix) {}

  /** Nothing that could answer; requests get 503. */
  record Unresolved(Reason reason, String message, String fix) implements Resolution {}
}
