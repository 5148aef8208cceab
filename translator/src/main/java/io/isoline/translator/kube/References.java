package io.isoline.translator.kube;

import io.isoline.translator.ObjectRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the objects that an object names. The feed asks here what to read, and the translation
 * which objects a change concerns, so both have the same answer.
 *
 * <p>Only what is written counts: whether the object named is there, and whether the field that
 * names it is in force, is judged elsewhere.
 */
public final class References {

  /** The keys of annotations whose values name a Secret. */
  private static final List<String> SECRETS =
      List.of("auth-secret", "auth-tls-secret", "proxy-ssl-secret");

  /** The keys of annotations whose values name a ConfigMap. */
  private static final List<String> CONFIG_MAPS = List.of("auth-proxy-set-headers", "custom-headers");

  /** The keys of annotations whose values name a Service. */
  private static final List<String> SERVICES = List.of("default-backend");

  /** The key of the annotation whose value is a URL that may be one of a Service. */
  private static final String MIRROR = "mirror-target";

  private static final Pattern COPIES =
      Pattern.compile("[ \\t]*https?://([A-Za-z0-9._-]{1,253})(?:[:/?$].*)?", Pattern.DOTALL);

  private References() {}

  /**
   * The objects that an object names, by the field as verdicts call it. What cannot be the name of
   * an object is left out.
   */
  public static Map<String, ObjectRef> of(ClusterObject object) {
    return switch (object) {
      case IngressRecord ingress -> ofIngress(ingress);
      case IngressClassRecord _,
          ServiceRecord _,
          EndpointSliceRecord _,
          SecretRecord _,
          ConfigMapRecord _,
          NamespaceRecord _ ->
          Map.of();
    };
  }

  private static Map<String, ObjectRef> ofIngress(IngressRecord ingress) {
    String namespace = ingress.ref().namespace();
    Map<String, ObjectRef> references = new LinkedHashMap<>();
    putService(references, "spec.defaultBackend", namespace, ingress.defaultBackend());
    for (int i = 0; i < ingress.rules().size(); i++) {
      List<IngressRecord.Path> paths = ingress.rules().get(i).paths();
      for (int j = 0; paths != null && j < paths.size(); j++) {
        putService(
            references,
            "spec.rules[" + i + "].http.paths[" + j + "].backend",
            namespace,
            paths.get(j).backend());
      }
    }
    for (int i = 0; i < ingress.tls().size(); i++) {
      put(
          references,
          "spec.tls[" + i + "].secretName",
          KnownKind.SECRET,
          namespace,
          ingress.tls().get(i).secretName());
    }
    putAnnotated(references, ingress);
    return references;
  }

  /** Objects of other namespaces are not named: an Ingress gets nothing of them. */
  private static void putAnnotated(Map<String, ObjectRef> references, IngressRecord ingress) {
    if (ingress.annotations().isEmpty()) {
      return;
    }
    for (String prefix : AnnotationPrefix.ALL) {
      for (String key : SERVICES) {
        put(
            references,
            "metadata.annotations[" + prefix + key + "]",
            KnownKind.SERVICE,
            ingress.ref().namespace(),
            ingress.annotations().get(prefix + key));
      }
      for (String key : SECRETS) {
        String value = ingress.annotations().get(prefix + key);
        SecretName name = value == null ? null : SecretName.parse(value);
        ObjectRef secret = name == null ? null : name.from(ingress.ref().namespace());
        if (secret != null) {
          references.put("metadata.annotations[" + prefix + key + "]", secret);
        }
      }
      String copies = ingress.annotations().get(prefix + MIRROR);
      Matcher url = COPIES.matcher(copies == null ? "" : copies);
      ObjectRef service =
          url.matches() ? service(ingress.ref().namespace(), url.group(1)) : null;
      if (service != null) {
        references.put("metadata.annotations[" + prefix + MIRROR + "]", service);
      }
      for (String key : CONFIG_MAPS) {
        String value = ingress.annotations().get(prefix + key);
        ObjectRef map = value == null ? null : configMap(ingress.ref().namespace(), value);
        if (map != null) {
          references.put("metadata.annotations[" + prefix + key + "]", map);
        }
      }
    }
  }

  /**
   * The ConfigMap that the value of an annotation names: {@code NAME} or {@code NAMESPACE/NAME}.
   *
   * @param namespace that of the Ingress
   * @return null where the name is none, or the namespace another one
   */
  public static @Nullable ObjectRef configMap(String namespace, String value) {
    int slash = value.indexOf('/');
    String name = value.substring(slash + 1);
    return (slash < 0 || value.substring(0, slash).equals(namespace))
            && KnownKind.CONFIG_MAP.canBeNamed(name)
        ? ObjectRef.configMap(namespace, name)
        : null;
  }

  /**
   * The Service whose name in the DNS of a cluster a host is: {@code NAME.NAMESPACE} or {@code
   * NAME.NAMESPACE.svc}, with a domain behind it or without.
   *
   * @param namespace that of the Ingress
   * @param host in any case, maybe with a dot at its end
   * @return null for a host that is none, or that is one of another namespace
   */
  public static @Nullable ObjectRef service(String namespace, String host) {
    String name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    List<String> labels = List.of(name.split("\\.", -1));
    return labels.size() > 1
            && labels.get(1).equals(namespace)
            && (labels.size() == 2 || labels.get(2).equals("svc"))
            && KnownKind.SERVICE.canBeNamed(labels.getFirst())
        ? ObjectRef.service(namespace, labels.getFirst())
        : null;
  }

  private static void putService(
      Map<String, ObjectRef> references,
      String field,
      String namespace,
      IngressRecord.@Nullable Backend backend) {
    if (backend != null && backend.service() != null) {
      put(references, field, KnownKind.SERVICE, namespace, backend.service().name());
    }
  }

  private static void put(
      Map<String, ObjectRef> references,
      String field,
      KnownKind kind,
      String namespace,
      @Nullable String name) {
    if (name != null && kind.canBeNamed(name)) {
      references.put(field, new ObjectRef(kind, namespace, name));
    }
  }
}
