package io.isoline.controlplane.status;

/** Whose an Ingress is. */
enum Ownership {
  /** Its class is ours. */
  OURS,
  /** It was ours, and its status may hold addresses of ours still. */
  FORMER,
  /** It is somebody else's. */
  OTHER
}
