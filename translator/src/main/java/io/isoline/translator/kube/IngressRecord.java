package io.isoline.translator.kube;

import io.isoline.translator.ObjectRef;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An Ingress of {@code networking.k8s.io/v1}. Values are as their author wrote them; nothing has
 * been checked.
 *
 * @param terminating whether it is being deleted, and there only until its finalizers are through
 * @param annotations only those that could be meant for an ingress controller
 */
public record IngressRecord(
    ObjectRef ref,
    Age age,
    boolean terminating,
    @Nullable String ingressClassName,
    SortedMap<String, String> annotations,
    @Nullable Backend defaultBackend,
    List<Tls> tls,
    List<Rule> rules)
    implements ClusterObject {

  public IngressRecord {
    annotations = new TreeMap<>(annotations);
    tls = List.copyOf(tls);
    rules = List.copyOf(rules);
  }

  /** Makes an Ingress that is not being deleted. */
  public IngressRecord(
      ObjectRef ref,
      Age age,
      @Nullable String ingressClassName,
      SortedMap<String, String> annotations,
      @Nullable Backend defaultBackend,
      List<Tls> tls,
      List<Rule> rules) {
    this(ref, age, false, ingressClassName, annotations, defaultBackend, tls, rules);
  }

  /** {@code spec.tls[]}. */
  public record Tls(List<String> hosts, @Nullable String secretName) {
    public Tls {
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * {@code spec.rules[]}.
   *
   * @param paths {@code http.paths}, null when the rule has no {@code http}
   */
  public record Rule(@Nullable String host, @Nullable List<Path> paths) {
    public Rule {
      paths = paths == null ? null : List.copyOf(paths);
    }
  }

  /** {@code spec.rules[].http.paths[]}. */
  public record Path(
      @Nullable String path, @Nullable String pathType, @Nullable Backend backend) {}

  /** {@code IngressBackend}, as written: any combination of the fields can be missing. */
  public record Backend(@Nullable ServiceBackend service, @Nullable ResourceBackend resource) {}

  /** {@code IngressServiceBackend}; a number of 0 counts as none, as in the API. */
  public record ServiceBackend(
      @Nullable String name, @Nullable String portName, @Nullable Integer portNumber) {}

  /** {@code TypedLocalObjectReference}. */
  public record ResourceBackend(
      @Nullable String apiGroup, @Nullable String kind, @Nullable String name) {}
}
