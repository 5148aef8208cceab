package io.isoline.controlplane.stream;

/** What resources are sent for. */
enum Purpose {
  /** The client shall have them. */
  CHANGE,
  /** They shall show whether it was them that the client refused, and no other. */
  PROOF,
  /** The client shall go on with them in place of what it refused. */
  REPLACEMENT
}
