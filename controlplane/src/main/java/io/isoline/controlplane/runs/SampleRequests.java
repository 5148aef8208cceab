package io.isoline.controlplane.runs;

import io.isoline.controlplane.text.ExamplePath;
import io.isoline.controlplane.text.Printable;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.Annotations;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.settings.Profile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Commands that a user can paste to see Ingresses at work.
 *
 * @param address where Envoy listens, an IP address
 * @param httpPort 0 for none
 * @param httpsPort 0 for none
 */
record SampleRequests(String address, int httpPort, int httpsPort) {

  /** What a verdict on a host, a path, or a part of it, is about. */
  private static final Pattern OF_RULE =
      Pattern.compile(
          "^spec\\.(defaultBackend|rules\\[\\d+](\\.host|\\.http\\.paths\\[\\d+])?)");

  /**
   * One request and what should answer it.
   *
   * @param command for a shell
   * @param answer the Service and its port as the Ingress names them, or a redirect
   */
  record Request(String command, String answer) {}

  /**
   * One for each path of each host, and one for a default backend; none for what is refused, or
   * belongs to another Ingress, and none of a canary.
   *
   * @param verdicts of the translation, by object
   */
  List<Request> of(
      Collection<IngressRecord> ingresses, Map<ObjectRef, List<Verdict>> verdicts) {
    List<Request> requests = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    List<IngressRecord> served =
        ingresses.stream()
            .filter(ingress -> Annotations.canary(ingress.annotations()) == null)
            .toList();
    for (IngressRecord ingress : served) {
      Policy policy = policy(ingress);
      Set<String> lost = lost(verdicts.getOrDefault(ingress.ref(), List.of()));
      Set<String> tlsHosts = new LinkedHashSet<>();
      ingress.tls().forEach(tls -> tls.hosts().forEach(host -> tlsHosts.add(lower(host))));
      for (int i = 0; i < ingress.rules().size(); i++) {
        IngressRecord.Rule rule = ingress.rules().get(i);
        String ruleField = "spec.rules[" + i + "]";
        List<IngressRecord.Path> paths = rule.paths();
        if (paths == null || lost.contains(ruleField)) {
          continue;
        }
        for (int j = 0; j < paths.size(); j++) {
          IngressRecord.Path path = paths.get(j);
          if (lost.contains(ruleField + ".http.paths[" + j + "]")) {
            continue;
          }
          String host = rule.host() == null ? "" : lower(rule.host());
          add(
              requests,
              seen,
              command(host, example(path, policy), tlsHosts.contains(host)),
              path.backend(),
              policy.redirect());
        }
      }
    }
    for (IngressRecord ingress : served) {
      Set<String> lost = lost(verdicts.getOrDefault(ingress.ref(), List.of()));
      if (ingress.defaultBackend() != null && !lost.contains("spec.defaultBackend")) {
        add(
            requests,
            seen,
            command("", "/", false),
            ingress.defaultBackend(),
            policy(ingress).redirect());
      }
    }
    return requests;
  }

  private static Policy policy(IngressRecord ingress) {
    return Annotations.read(
        ingress.ref(), ingress.annotations(), Profile.STRICT, new ArrayList<>());
  }

  /** A path that a request can have: where annotations make expressions of paths, one that matches. */
  private static String example(IngressRecord.Path path, Policy policy) {
    String written = path.path() == null ? "" : path.path();
    return policy.paths().makesExpressions(written) ? ExamplePath.of(written) : written;
  }

  /** The rules, paths and default backends of which nothing is in force. */
  private static Set<String> lost(List<Verdict> verdicts) {
    Set<String> lost = new HashSet<>();
    for (Verdict verdict : verdicts) {
      boolean conflict =
          verdict.reason() == Reason.Conflict && verdict.outcome() == Outcome.NO_EFFECT;
      Matcher field = OF_RULE.matcher(verdict.field());
      if ((verdict.outcome() == Outcome.REFUSED || conflict) && field.find()) {
        lost.add(field.group().replaceFirst("\\.host$", ""));
      }
    }
    return lost;
  }

  private static void add(
      List<Request> requests,
      Set<String> seen,
      String command,
      IngressRecord.@Nullable Backend backend,
      RouteAction.@Nullable Redirect redirect) {
    if (backend != null && backend.service() != null && seen.add(command)) {
      String answer =
          redirect == null
              ? describe(backend.service())
              : Printable.line(
                  redirect.status() + " to " + redirect.location(), Printable.OF_NAME);
      requests.add(new Request(command, answer));
    }
  }

  private static String describe(IngressRecord.ServiceBackend service) {
    Object port = service.portName() != null ? service.portName() : service.portNumber();
    return Printable.line(service.name() + (port == null ? "" : ":" + port), Printable.OF_NAME);
  }

  private String command(String host, String path, boolean tls) {
    String concrete = host.startsWith("*.") ? "any" + host.substring(1) : host;
    String where = path.isEmpty() ? "/" : path;
    if ((tls && httpsPort != 0) || httpPort == 0) {
      String name = concrete.isEmpty() ? bracketed() : concrete;
      String resolve =
          concrete.isEmpty()
              ? ""
              : "--resolve " + quoted("%s:%d:%s".formatted(name, httpsPort, address)) + " ";
      return "curl -k " + resolve + quoted("https://" + name + ":" + httpsPort + where);
    }
    String header = concrete.isEmpty() ? "" : "-H " + quoted("Host: " + concrete) + " ";
    return "curl " + header + quoted("http://" + bracketed() + ":" + httpPort + where);
  }

  private String bracketed() {
    return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
  }

  /** A word for a shell, whatever is in it: these texts come from files of others. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:@%+,=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static String lower(String host) {
    return host.toLowerCase(Locale.ROOT);
  }
}
