package io.isoline.controlplane.kubernetes;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.ClusterObject;

/** What was made of one object that the API server sent. */
sealed interface Item {

  ObjectRef ref();

  /** What the translation reads of it. */
  record Projected(ClusterObject object) implements Item {
    @Override
    public ObjectRef ref() {
      return object.ref();
    }
  }

  /** An object that cannot be read; the message follows its name. */
  record Unreadable(ObjectRef ref, String message, String fix) implements Item {}
}
