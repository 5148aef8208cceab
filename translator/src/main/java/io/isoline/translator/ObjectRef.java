package io.isoline.translator;

import io.isoline.translator.kube.Kind;
import io.isoline.translator.kube.KnownKind;
import org.jspecify.annotations.Nullable;

/**
 * The identity of one Kubernetes object.
 *
 * @param kind its kind; objects of kinds with equal texts are not told apart by their API groups
 * @param namespace the namespace, empty for a cluster-scoped object
 * @param name the object's name
 * @implNote It is the key of most maps and sets here, and what it is compared by is written out:
 *     comparators, and the methods that a record brings along, stay slow until the JVM's second
 *     compiler sees them, which never happens in the distribution.
 */
public record ObjectRef(Kind kind, String namespace, String name)
    implements Comparable<ObjectRef> {

  public static ObjectRef ingress(String namespace, String name) {
    return new ObjectRef(KnownKind.INGRESS, namespace, name);
  }

  public static ObjectRef ingressClass(String name) {
    return new ObjectRef(KnownKind.INGRESS_CLASS, "", name);
  }

  public static ObjectRef service(String namespace, String name) {
    return new ObjectRef(KnownKind.SERVICE, namespace, name);
  }

  public static ObjectRef endpointSlice(String namespace, String name) {
    return new ObjectRef(KnownKind.ENDPOINT_SLICE, namespace, name);
  }

  public static ObjectRef secret(String namespace, String name) {
    return new ObjectRef(KnownKind.SECRET, namespace, name);
  }

  public static ObjectRef configMap(String namespace, String name) {
    return new ObjectRef(KnownKind.CONFIG_MAP, namespace, name);
  }

  public static ObjectRef namespace(String name) {
    return new ObjectRef(KnownKind.NAMESPACE, "", name);
  }

  /** Stands for a file, for what is to be said of none of its objects. */
  public static ObjectRef file(String name) {
    return new ObjectRef(Kind.of("File"), "", name);
  }

  /** {@code namespace/name}, or the name alone for a cluster-scoped object. */
  public String path() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  /** By the text of the kind, then namespace, then name. */
  @Override
  public int compareTo(ObjectRef other) {
    int order = kind.text().compareTo(other.kind.text());
    if (order == 0) {
      order = namespace.compareTo(other.namespace);
    }
    return order == 0 ? name.compareTo(other.name) : order;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObjectRef(Kind otherKind, String otherNamespace, String otherName)
        && name.equals(otherName)
        && namespace.equals(otherNamespace)
        && kind.equals(otherKind);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + namespace.hashCode()) + kind.text().hashCode();
  }

  /** For people: {@code Ingress default/web}. */
  @Override
  public String toString() {
    return kind.text() + " " + path();
  }
}
