package io.isoline.controlplane.kubernetes;

import io.isoline.translator.ObjectRef;
import org.jspecify.annotations.Nullable;

/** Finds the identity of an object that the API server has. May be asked by any thread. */
public interface ObjectIndex {

  /** The identity of an object; null when there is no such object, or its kind is not watched. */
  @Nullable ObjectIdentity find(ObjectRef object);
}
