package io.isoline.controlplane.migrate.verify;

import io.isoline.controlplane.text.ExamplePath;
import io.isoline.controlplane.migrate.verify.Probe.Header;
import io.isoline.controlplane.migrate.verify.Probe.Origin;
import io.isoline.controlplane.text.ExamplePath;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.IngressRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes requests of Ingresses: for each host, its paths and what is near them. */
public final class ProbePlan {

  private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

  private static final Pattern HOST =
      Pattern.compile("(?=.{1,253}$)" + LABEL + "(\\." + LABEL + ")*");

  private static final List<String> UNSAFE = List.of("POST", "PUT", "PATCH", "DELETE");

  /** For rules without a host: a name that nobody has. */
  private static final String ANY_HOST = "isoline-verify.invalid";

  private final Choice choice;
  private final Map<Probe.Key, Probe> probes = new LinkedHashMap<>();
  private final Set<String> skipped = new LinkedHashSet<>();

  /** The names for which an Ingress gives a certificate, wildcards among them. */
  private final Set<String> certified = new HashSet<>();

  /** The hosts of which chance decides which backend answers. */
  private final Set<String> random = new HashSet<>();

  /**
   * What the operator chooses.
   *
   * @param http whether requests without TLS are sent
   * @param https whether requests by TLS are sent
   * @param unsafe whether methods that may change something are sent, too
   * @param hosts only these; all when empty
   * @param headers added to each request
   */
  public record Choice(
      boolean http, boolean https, boolean unsafe, Set<String> hosts, List<String> headers) {
    public Choice {
      hosts = Set.copyOf(hosts);
      headers = List.copyOf(headers);
    }
  }

  /**
   * What is to be sent.
   *
   * @param skipped hosts and paths of which no request can be made
   */
  record Requests(List<Probe> probes, List<String> skipped) {}

  private ProbePlan(Choice choice) {
    this.choice = choice;
  }

  static Requests of(Collection<IngressRecord> ingresses, Choice choice) {
    ProbePlan plan = new ProbePlan(choice);
    for (IngressRecord ingress : ingresses) {
      plan.look(ingress);
    }
    ingresses.forEach(plan::add);
    return new Requests(List.copyOf(plan.probes.values()), List.copyOf(plan.skipped));
  }

  private void look(IngressRecord ingress) {
    for (IngressRecord.Tls tls : ingress.tls()) {
      if (tls.secretName() != null && !tls.secretName().isEmpty()) {
        certified.addAll(tls.hosts());
      }
    }
    if (new AnnotationHeaders(ingress).isRandom()) {
      ingress.rules().forEach(rule -> random.add(rule.host() == null ? "" : rule.host()));
    }
  }

  private void add(IngressRecord ingress) {
    AnnotationHeaders headers = new AnnotationHeaders(ingress);
    for (IngressRecord.Rule rule : ingress.rules()) {
      for (String host : hosts(rule.host(), headers)) {
        if (!HOST.matcher(host).matches()) {
          skipped.add("%s: no DNS name: %s".formatted(ingress.ref(), host));
        } else if (choice.hosts().isEmpty() || choice.hosts().contains(host)) {
          add(ingress.ref(), host, rule, headers);
        }
      }
    }
    if (ingress.rules().isEmpty() && ingress.defaultBackend() != null) {
      add(ingress.ref(), ANY_HOST, new IngressRecord.Rule(null, null), headers);
    }
  }

  /** A name that the host stands for, and those that annotations add to it. */
  private static List<String> hosts(@Nullable String host, AnnotationHeaders headers) {
    List<String> hosts = new ArrayList<>();
    if (host == null || host.isEmpty()) {
      return List.of(ANY_HOST);
    }
    hosts.add(host.startsWith("*.") ? "isoline-verify" + host.substring(1) : host);
    if (headers.isOn("from-to-www-redirect")) {
      hosts.add(host.startsWith("www.") ? host.substring(4) : "www." + host);
    }
    for (String alias : headers.value("server-alias").split(",", -1)) {
      if (HOST.matcher(alias.strip()).matches()) {
        hosts.add(alias.strip());
      }
    }
    return hosts;
  }

  private void add(
      ObjectRef ingress, String host, IngressRecord.Rule rule, AnnotationHeaders headers) {
    boolean certificate =
        certified.contains(host) || certified.contains("*" + host.substring(dot(host)));
    boolean byChance = random.contains(rule.host() == null ? "" : rule.host());
    for (IngressRecord.Path each :
        rule.paths() == null ? List.<IngressRecord.Path>of() : rule.paths()) {
      String written = each.path() == null || each.path().isEmpty() ? "/" : each.path();
      boolean expression = ExamplePath.isExpression(written);
      String path = expression ? ExamplePath.of(written) : written;
      Map<String, String> near = Paths.near(path);
      if (near.isEmpty()) {
        skipped.add(ingress + ": a path is too long for a request");
        continue;
      }
      String itself = near.keySet().iterator().next();
      near.forEach(
          (target, about) ->
              add(
                  "GET",
                  host,
                  target,
                  List.of(),
                  new Origin(ingress, about, certificate, byChance)));
      if (expression) {
        Origin literal = new Origin(ingress, "the expression as a path", certificate, byChance);
        add("GET", host, Paths.escaped(written), List.of(), literal);
      }
      add("HEAD", host, itself, List.of(), new Origin(ingress, "HEAD", certificate, byChance));
      add(
          "OPTIONS",
          host,
          itself,
          List.of(),
          new Origin(ingress, "OPTIONS", certificate, byChance));
      if (choice.unsafe()) {
        for (String method : UNSAFE) {
          add(method, host, itself, List.of(), new Origin(ingress, method, certificate, byChance));
        }
      }
      for (AnnotationHeaders.Variant variant : headers.variants()) {
        Origin origin = new Origin(ingress, variant.about(), certificate, byChance);
        add(variant.method(), host, itself, variant.headers(), origin);
      }
    }
    Origin unknown = new Origin(ingress, "a path that no rule has", certificate, byChance);
    add("GET", host, "/", List.of(), new Origin(ingress, "the root", certificate, byChance));
    add("GET", host, Paths.unknown(), List.of(), unknown);
  }

  private static int dot(String host) {
    int dot = host.indexOf('.');
    return dot < 0 ? host.length() : dot;
  }

  private void add(String method, String host, String target, List<Header> headers, Origin origin) {
    List<Header> all = new ArrayList<>(headers);
    for (String line : choice.headers()) {
      int colon = line.indexOf(':');
      all.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    for (boolean tls : new boolean[] {false, true}) {
      if (tls ? choice.https() : choice.http()) {
        Probe probe = new Probe(tls, host, method, target, all, origin);
        probes.putIfAbsent(probe.key(), probe);
      }
    }
  }
}
