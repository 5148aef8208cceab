package io.isoline.controlplane.kubernetes;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.KnownKind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Selects objects of one kind: all of them, or those of a namespace, of a name, or with labels.
 *
 * @param namespace empty for all
 * @param name empty for any
 * @param labels a label selector, empty for any
 */
record Query(KnownKind kind, String namespace, String name, String labels) {

  /** These Secrets hold no certificate. Releases of Helm, the first, are large. */
  private static final String NOT_TLS =
      "type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token";

  static Query all(KnownKind kind) {
    return new Query(kind, "", "", "");
  }

  static Query in(String namespace, KnownKind kind) {
    return new Query(kind, namespace, "", "");
  }

  /** For one object, of a kind that is read. */
  static Query named(ObjectRef object) {
    return new Query((KnownKind) object.kind(), object.namespace(), object.name(), "");
  }

  static Query namespace(String name) {
    return new Query(KnownKind.NAMESPACE, "", name, "");
  }

  static Query namespaces(String labels) {
    return new Query(KnownKind.NAMESPACE, "", "", labels);
  }

  /** Whether it is for one object, whose name is known. */
  boolean isForOne() {
    return !name.isEmpty();
  }

  /** The object that it is for. */
  ObjectRef one() {
    return new ObjectRef(kind, namespace, name);
  }

  /** The path of the URL with the parameters that select, and a {@code ?} in any case. */
  String path() {
    StringBuilder path = new StringBuilder(kind.group().isEmpty() ? "/api/v1" : "/apis/");
    if (!kind.group().isEmpty()) {
      path.append(kind.apiVersion());
    }
    if (!namespace.isEmpty()) {
      path.append("/namespaces/").append(encoded(namespace));
    }
    path.append('/').append(kind.plural()).append('?');
    if (!name.isEmpty()) {
      path.append("fieldSelector=").append(encoded("metadata.name=" + name)).append('&');
    } else if (kind == KnownKind.SECRET) {
      path.append("fieldSelector=").append(encoded(NOT_TLS)).append('&');
    }
    if (!labels.isEmpty()) {
      path.append("labelSelector=").append(encoded(labels)).append('&');
    }
    return path.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The permissions that the query needs, for people. */
  String grant() {
    String what =
        kind.group().isEmpty() ? kind.plural() : kind.plural() + " of API group " + kind.group();
    String which = name.isEmpty() ? "" : " (resourceNames: " + name + ")";
    return "grant get, list and watch on "
        + what
        + which
        + (namespace.isEmpty() ? " with a ClusterRole" : " with a Role in namespace " + namespace);
  }

  /** For people: {@code ingresses in namespace default}. */
  @Override
  public String toString() {
    return kind.plural()
        + (name.isEmpty() ? "" : " " + name)
        + (namespace.isEmpty() ? "" : " in namespace " + namespace)
        + (labels.isEmpty() ? "" : " with labels " + labels);
  }
}
