package io.isoline.controlplane.kubernetes;

import io.isoline.translator.ObjectRef;
import java.util.List;

/**
 * A difference among the objects of a query.
 *
 * @param put new, or other than before in what the translation reads
 * @param gone no longer there
 */
record Delta(List<Item> put, List<ObjectRef> gone) {

  static final Delta NONE = new Delta(List.of(), List.of());

  Delta {
    put = List.copyOf(put);
    gone = List.copyOf(gone);
  }

  boolean isEmpty() {
    return put.isEmpty() && gone.isEmpty();
  }
}
