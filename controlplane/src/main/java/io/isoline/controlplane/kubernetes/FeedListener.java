package io.isoline.controlplane.kubernetes;

import io.isoline.translator.kube.KnownKind;

/**
 * Is told what happens between the API server and us, to count it. Called by the threads that read,
 * several at a time; it must return soon.
 */
public interface FeedListener {

  /** Ignores everything. */
  FeedListener NONE = new FeedListener() {};

  /** A first or a later complete list of objects of a kind has been read. */
  default void listed(KnownKind kind, int objects) {}

  /** The API server told of a change of an object of this kind. */
  default void event(KnownKind kind) {}

  /** A watch has ended, as all do after minutes, and another one takes its place. */
  default void watchRestarted(KnownKind kind) {}

  /**
   * A request failed, and is tried again later.
   *
   * @param verb {@code list} or {@code watch}
   * @param status the status code of the answer; 0 when there was none
   */
  default void failed(KnownKind kind, String verb, int status) {}
}
