package io.isoline.controlplane.status;

/** Is told what is written to the API server, and by whom; for metrics. Called by any thread. */
public interface StatusListener {

  /** Ignores everything. */
  StatusListener NONE = new StatusListener() {};

  /** What is written. */
  enum Write {
    /** Addresses in the status of an Ingress, written or cleared. */
    STATUS,
    EVENT
  }

  /** What became of an attempt to write. */
  enum Outcome {
    WRITTEN,
    /** The object was changed or replaced meanwhile. It is looked at again. */
    CONFLICT,
    /** The object, or its namespace, is no more. */
    GONE,
    /** Our rights do not suffice. */
    FORBIDDEN,
    /** The API server does not take it, an admission webhook for example. */
    REFUSED,
    /** The API server was not reached or failed; tried again after a pause. */
    FAILED,
    /** Given up: too many events of one object, or too many that wait. */
    DROPPED
  }

  /** This replica has become the leader, or is it no longer. */
  default void leading(boolean leading) {}

  /** So many other replicas are connected to this one, the leader. */
  default void followers(int connected) {}

  /** An attempt to write has ended. */
  default void wrote(Write what, Outcome outcome) {}
}
