package io.isoline.translator;

import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.IngressRecord.Backend;
import io.isoline.translator.kube.IngressRecord.Path;
import io.isoline.translator.kube.IngressRecord.ResourceBackend;
import io.isoline.translator.kube.IngressRecord.Rule;
import io.isoline.translator.kube.IngressRecord.ServiceBackend;
import io.isoline.translator.kube.IngressRecord.Tls;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An Ingress for a test, of the class {@code isoline} unless it says otherwise. */
public final class IngressBuilder {

  private final String name;
  private String namespace = "default";
  private Age age = new Age(null, 0);
  private boolean terminating;
  private @Nullable String ingressClass = "isoline";
  private final TreeMap<String, String> annotations = new TreeMap<>();
  private @Nullable Backend defaultBackend;
  private final List<Tls> tls = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();

  private IngressBuilder(String name) {
    this.name = name;
  }

  public static IngressBuilder ingress(String name) {
    return new IngressBuilder(name);
  }

  public IngressBuilder in(String other) {
    namespace = other;
    return this;
  }

  public IngressBuilder created(String instant) {
    age = new Age(Instant.parse(instant), 0);
    return this;
  }

  public IngressBuilder ordinal(long ordinal) {
    age = new Age(null, ordinal);
    return this;
  }

  /** One that is being deleted. */
  public IngressBuilder terminating() {
    terminating = true;
    return this;
  }

  public IngressBuilder ofClass(@Nullable String other) {
    ingressClass = other;
    return this;
  }

  public IngressBuilder annotation(String key, String value) {
    annotations.put(key, value);
    return this;
  }

  public IngressBuilder defaultBackend(String service, Object port) {
    return defaultBackend(backend(service, port));
  }

  public IngressBuilder defaultBackend(Backend backend) {
    defaultBackend = backend;
    return this;
  }

  public IngressBuilder tls(@Nullable String secret, String... hosts) {
    tls.add(new Tls(List.of(hosts), secret));
    return this;
  }

  /** Begins a rule; the paths that follow are its own. */
  public IngressBuilder host(@Nullable String host) {
    rules.add(new Rule(host, null));
    return this;
  }

  public IngressBuilder prefix(String path, String service, Object port) {
    return path(path, "Prefix", backend(service, port));
  }

  public IngressBuilder exact(String path, String service, Object port) {
    return path(path, "Exact", backend(service, port));
  }

  public IngressBuilder path(
      @Nullable String path, @Nullable String pathType, @Nullable Backend backend) {
    Rule rule = rules.removeLast();
    List<Path> paths = new ArrayList<>(rule.paths() == null ? List.of() : rule.paths());
    paths.add(new Path(path, pathType, backend));
    rules.add(new Rule(rule.host(), paths));
    return this;
  }

  public IngressRecord build() {
    return new IngressRecord(
        ObjectRef.ingress(namespace, name),
        age,
        terminating,
        ingressClass,
        annotations,
        defaultBackend,
        tls,
        rules);
  }

  /** A backend by the number or the name of the port. */
  public static Backend backend(String service, Object port) {
    return new Backend(
        new ServiceBackend(
            service, port instanceof String s ? s : null, port instanceof Integer i ? i : null),
        null);
  }

  public static Backend resource(String kind, String resource) {
    return new Backend(null, new ResourceBackend("example.com", kind, resource));
  }
}
