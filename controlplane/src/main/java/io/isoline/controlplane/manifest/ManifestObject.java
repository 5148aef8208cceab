package io.isoline.controlplane.manifest;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.ClusterObject;

/**
 * An object that was read from a file.
 *
 * @param ref its identity; the namespace is {@code default} where the file names none
 * @param model in the version that Isoline uses, with known fields only; not to be changed
 * @param projection what the translation reads of it
 * @param file the name of the file
 * @param document its place in the file: {@code document[0]}, or {@code document[0].items[3]} for
 *     an item of a List
 * @param position where it begins
 * @param ordinal its place in the order of all objects; only the order has a meaning
 */
public record ManifestObject(
    ObjectRef ref,
    HasMetadata model,
    ClusterObject projection,
    String file,
    String document,
    Position position,
    long ordinal) {

  /** Leaves the contents out, which may be secret. */
  @Override
  public String toString() {
    return ref + " (" + position + ")";
  }
}
