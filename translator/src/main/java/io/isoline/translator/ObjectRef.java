package io.isoline.translator;

import org.jspecify.annotations.Nullable;

/**
 * The identity of one Kubernetes object.
 *
 * @param kind the kind as Kubernetes spells it, {@code Ingress} for example
 * @param namespace the namespace, empty for a cluster-scoped object
 * @param name the object's name
 * @implNote It is the key of most maps and sets here, and what it is compared by is written out:
 *     comparators, and the methods that a record brings along, stay slow until the JVM's second
 *     compiler sees them, which never happens in the distribution.
 */
public record ObjectRef(String kind, String namespace, String name)
    implements Comparable<ObjectRef> {

  public static ObjectRef ingress(String namespace, String name) {
    return new ObjectRef("Ingress", namespace, name);
  }

  public static ObjectRef ingressClass(String name) {
    return new ObjectRef("IngressClass", "", name);
  }

  public static ObjectRef service(String namespace, String name) {
    return new ObjectRef("Service", namespace, name);
  }

  public static ObjectRef endpointSlice(String namespace, String name) {
    return new ObjectRef("EndpointSlice", namespace, name);
  }

  public static ObjectRef secret(String namespace, String name) {
    return new ObjectRef("Secret", namespace, name);
  }

  public static ObjectRef namespace(String name) {
    return new ObjectRef("Namespace", "", name);
  }

  /** {@code namespace/name}, or the name alone for a cluster-scoped object. */
  public String path() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  /** By kind, then namespace, then name. */
  @Override
  public int compareTo(ObjectRef other) {
    int order = kind.compareTo(other.kind);
    if (order == 0) {
      order = namespace.compareTo(other.namespace);
    }
    return order == 0 ? name.compareTo(other.name) : order;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObjectRef(String otherKind, String otherNamespace, String otherName)
        && name.equals(otherName)
        && namespace.equals(otherNamespace)
        && kind.equals(otherKind);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + namespace.hashCode()) + kind.hashCode();
  }

  /** For people: {@code Ingress default/web}. */
  @Override
  public String toString() {
    return kind + " " + path();
  }
}
