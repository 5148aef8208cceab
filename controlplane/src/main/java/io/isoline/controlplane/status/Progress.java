package io.isoline.controlplane.status;

import io.isoline.controlplane.engine.ProgrammedIngress;
import org.jspecify.annotations.Nullable;

/** How far an Ingress of ours, as it is now, has come. */
enum Progress {
  /** The Envoys do not have it yet. */
  WAITING,
  /** The Envoys have it, and something of it is in force. */
  PROGRAMMED,
  /** The Envoys have what became of it, and that is nothing: all is refused, or lost to others. */
  NOTHING_IN_FORCE;

  /**
   * The progress of an Ingress.
   *
   * @param programmed what the Envoys of all replicas have; null while they do not
   */
  static Progress of(@Nullable ProgrammedIngress programmed) {
    if (programmed == null) {
      return WAITING;
    }
    return programmed.inForce().isNothing() ? NOTHING_IN_FORCE : PROGRAMMED;
  }
}
