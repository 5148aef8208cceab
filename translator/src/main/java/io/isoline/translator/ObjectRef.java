package io.isoline.translator;

import java.util.Comparator;

/**
 * The identity of one Kubernetes object.
 *
 * @param kind the kind as Kubernetes spells it, {@code Ingress} for example
 * @param namespace the namespace, empty for a cluster-scoped object
 * @param name the object's name
 */
public record ObjectRef(String kind, String namespace, String name)
    implements Comparable<ObjectRef> {

  private static final Comparator<ObjectRef> ORDER =
      Comparator.comparing(ObjectRef::kind)
          .thenComparing(ObjectRef::namespace)
          .thenComparing(ObjectRef::name);

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

  /** {@code namespace/name}, or the name alone for a cluster-scoped object. */
  public String path() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  @Override
  public int compareTo(ObjectRef other) {
    return ORDER.compare(this, other);
  }

  /** For people: {@code Ingress default/web}. */
  @Override
  public String toString() {
    return kind + " " + path();
  }
}
