package io.isoline.translator.kube;

import io.isoline.translator.ObjectRef;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A Namespace. Values are as their author wrote them; nothing has been checked.
 *
 * @param annotations only those of Isoline
 * @param terminating whether it is being deleted, with all that is in it
 */
public record NamespaceRecord(
    ObjectRef ref, SortedMap<String, String> annotations, boolean terminating)
    implements ClusterObject {

  public NamespaceRecord {
    annotations = new TreeMap<>(annotations);
  }
}
