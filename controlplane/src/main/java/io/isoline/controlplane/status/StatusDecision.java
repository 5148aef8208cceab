package io.isoline.controlplane.status;

import io.isoline.translator.ObjectRef;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the status of one kind of object: what is written, when, and by which field
 * manager. A {@link StatusWriter} asks, and sends what comes of it. Owned by the writer's thread.
 */
interface StatusDecision {

  /** Begins a term in which this replica writes. */
  void begin();

  /** All objects of the kind; the writer asks from time to time while this replica writes. */
  Collection<ObjectRef> objects();

  /** What is to be written of an object by what is known at this moment; null for nothing. */
  @Nullable StatusWrite decide(ObjectRef object);

  /** The objects in words, {@code Ingresses} for example. */
  String inWords();

  /** What is patched, in words: {@code ingresses/status in the group networking.k8s.io}. */
  String resource();
}
