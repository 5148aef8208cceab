package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.Verdict;
import io.isoline.translator.annotation.Access;
import io.isoline.translator.annotation.Annotations;
import io.isoline.translator.annotation.Canary;
import io.isoline.translator.annotation.HostWishes.Wish;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.ingress.IngressReading.Claimant;
import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.ingress.IngressReading.TlsClaim;
import io.isoline.translator.kube.IngressRecord.Backend;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.KnownKind;
import io.isoline.translator.kube.References;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.settings.Profile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Ingress: checks each field alone and turns what passes into claims. What does not pass
 * takes nothing else of the Ingress with it.
 */
final class IngressReader {

  /** Of how many Secrets it is tried whether one is for a host, as an Ingress has many hosts. */
  private static final int MOST_GUESSES = 8;

  private final IngressRecord ingress;
  private final HttpOptions.Paths paths;
  private final Profile profile;
  private final @Nullable Tracing tracing;
  private final NavigableMap<Host, List<RouteClaim>> rules = new TreeMap<>();
  private final List<TlsClaim> tls = new ArrayList<>();
  private final List<NamedHost> named = new ArrayList<>();
  private final List<String> noAliases = new ArrayList<>();
  private final List<Verdict> verdicts = new ArrayList<>();
  private Policy policy = Policy.NONE;

  private IngressReader(
      IngressRecord ingress, HttpOptions.Paths paths, Profile profile, @Nullable Tracing tracing) {
    this.ingress = ingress;
    this.paths = paths;
    this.profile = profile;
    this.tracing = tracing;
  }

  /**
   * Reads one.
   *
   * @param withItsNamespace whether its namespace is being deleted
   * @param paths which spellings of slashes requests can have
   * @param profile by whose rules it is served
   * @param tracing what the settings say of it; null where nothing is traced
   */
  static IngressReading read(
      IngressRecord ingress,
      boolean withItsNamespace,
      HttpOptions.Paths paths,
      Profile profile,
      @Nullable Tracing tracing) {
    return new IngressReader(ingress, paths, profile, tracing).read(withItsNamespace);
  }

  private IngressReading read(boolean withItsNamespace) {
    if (Annotations.canary(ingress.annotations()) != null) {
      // With claims of its own it would get all requests of a path that its main lacks, or more.
      return reading(null, readCanary(), withItsNamespace);
    }
    policy = Annotations.read(ingress.ref(), ingress.annotations(), profile, tracing, verdicts);
    if (policy.leftOut()) {
      return reading(null, null, withItsNamespace);
    }
    limit();
    for (int i = 0; i < ingress.rules().size(); i++) {
      readRule(ingress.rules().get(i), "spec.rules[" + i + "]");
    }
    nameHosts();
    Backend backend = ingress.defaultBackend();
    Target defaultBackend = backend == null ? null : target(backend, "spec.defaultBackend");
    if (ingress.rules().isEmpty() && backend == null) {
      refuse(
          "spec",
          "neither rules nor defaultBackend is given, so there is nothing to route",
          "add spec.rules or spec.defaultBackend");
    }
    for (int i = 0; i < ingress.tls().size(); i++) {
      readTls(ingress.tls().get(i), i);
    }
    if (profile == Profile.NGINX) {
      guessTls();
    }
    closeToHostsOfClients();
    return reading(defaultBackend, null, withItsNamespace);
  }

  /** What is written once must not be there so often that nobody else has room. */
  private void limit() {
    long length = Annotations.length(ingress.annotations());
    if (length == 0) {
      return;
    }
    policy = policy.ofPaths(asked());
    String tooMuch = policy.tooMuch(length);
    if (tooMuch != null) {
      policy = policy.denying();
      refuse(
          "metadata.annotations",
          "the annotations have " + tooMuch + "; requests for the paths of the Ingress get 503",
          "shorten them, or divide the paths among several Ingresses");
    }
  }

  /** A service at the host of the request is the client's own where hosts may be any. */
  private void closeToHostsOfClients() {
    Access access = policy.access();
    if (access != null
        && access.asksHostOfRequest()
        && (rules.containsKey(Host.ANY) || ingress.defaultBackend() != null)) {
      policy = policy.denying();
      verdicts.removeIf(verdict -> verdict.field().equals(access.asking()));
      refuse(
          access.asking(),
          "the service is at the host of the request, and the Ingress serves hosts of any name, so"
              + " that clients could bring a service of their own; requests for the paths of the"
              + " Ingress get 503",
          "name the service, or name the hosts and remove spec.defaultBackend");
    }
  }

  private @Nullable CanaryClaims readCanary() {
    Canary canary = Annotations.readCanary(ingress.ref(), ingress.annotations(), verdicts);
    if (canary == null) {
      return null;
    }
    for (int i = 0; i < ingress.rules().size(); i++) {
      readRule(ingress.rules().get(i), "spec.rules[" + i + "]");
    }
    CanaryClaims claims =
        new CanaryClaims(canary, rules, Annotations.protections(ingress.annotations()));
    rules.clear();
    if (ingress.defaultBackend() != null) {
      ofMain("spec.defaultBackend", "has no default backend of its own");
    }
    for (int i = 0; i < ingress.tls().size(); i++) {
      ofMain("spec.tls[" + i + "]", "is served with the certificates of its main Ingress");
    }
    return claims;
  }

  private void ofMain(String field, String words) {
    verdict(
        field,
        Outcome.NO_EFFECT,
        Reason.Unsupported,
        "the Ingress is a canary, which " + words,
        "write it at the main Ingress");
  }

  private IngressReading reading(
      @Nullable Target defaultBackend, @Nullable CanaryClaims canary, boolean withItsNamespace) {
    return new IngressReading(
        claimant(withItsNamespace),
        asked(),
        rules,
        defaultBackend,
        canary,
        tls,
        !ingress.tls().isEmpty(),
        profile,
        policy,
        named,
        noAliases,
        Set.copyOf(References.of(ingress).values()),
        verdicts);
  }

  private Claimant claimant(boolean withItsNamespace) {
    return new Claimant(
        ingress.ref(),
        ingress.age(),
        ingress.terminating() || withItsNamespace,
        !ingress.rules().isEmpty(),
        profile);
  }

  private int asked() {
    int asked = ingress.defaultBackend() == null ? 0 : 1;
    for (IngressRecord.Rule rule : ingress.rules()) {
      asked += rule.paths() == null ? 0 : rule.paths().size();
    }
    return asked;
  }

  private void readRule(IngressRecord.Rule rule, String field) {
    Host host = host(rule.host(), field + ".host");
    List<RouteClaim> routes =
        host == null
            ? new ArrayList<>()
            : rules.computeIfAbsent(host, any -> new ArrayList<>());
    List<IngressRecord.Path> paths = rule.paths();
    if (paths == null) {
      if (host != null && ingress.defaultBackend() == null) {
        verdict(
            field,
            Outcome.NO_EFFECT,
            Reason.InvalidValue,
            "the rule has no paths and the Ingress no defaultBackend",
            "add http.paths, or spec.defaultBackend");
      }
      return;
    }
    if (paths.isEmpty()) {
      refuse(field + ".http.paths", "the list is empty", "add a path, or remove http");
    }
    for (int i = 0; i < paths.size(); i++) {
      readPath(host, paths.get(i), field + ".http.paths[" + i + "]", routes);
    }
  }

  /** Reads which hosts the annotations name for those of the rules. */
  private void nameHosts() {
    Wish<List<String>> aliases = policy.ofHosts().aliases();
    if (aliases != null) {
      Host main = firstHost();
      for (String alias : aliases.value()) {
        if (main == null) {
          noAliases.add("the first rule names no host that could have an alias");
          break;
        }
        nameAlias(main, alias);
      }
    }
    if (policy.ofHosts().www() != null) {
      for (Host host : rules.navigableKeySet()) {
        Host www = NamedHost.www(host);
        if (!www.equals(host)) {
          named.add(
              new NamedHost(www, host, NamedHost.Use.REDIRECT, profile == Profile.NGINX));
        }
      }
    }
  }

  private @Nullable Host firstHost() {
    return !ingress.rules().isEmpty()
            && HostReading.of(ingress.rules().getFirst().host())
                instanceof HostReading.Usable(Host host, _)
            && !host.isAny()
        ? host
        : null;
  }

  private void nameAlias(Host main, String alias) {
    if (alias.startsWith("~")) {
      noAliases.add("\"" + abbreviated(alias) + "\" is an expression, which no alias can be");
      return;
    }
    switch (HostReading.of(alias)) {
      case HostReading.Unusable _ ->
          noAliases.add("\"" + abbreviated(alias) + "\" is no host");
      case HostReading.Usable(Host host, _) -> {
        if (!rules.containsKey(host)) {
          named.add(new NamedHost(host, main, NamedHost.Use.ALIAS, false));
        }
      }
    }
  }

  /** Without a host or a path nothing comes of it, and all its mistakes are told all the same. */
  private void readPath(
      @Nullable Host host, IngressRecord.Path path, String field, List<RouteClaim> routes) {
    PathReading.Unusable missing = PathReading.missing(path.path(), path.pathType());
    if (missing != null || path.pathType() == null) {
      PathReading.Unusable bad = Objects.requireNonNull(missing);
      refuse(field, bad.message(), bad.fix());
      target(path.backend(), field + ".backend");
      return;
    }
    RouteClaim claim =
        new RouteClaim(
            host == null ? Host.ANY : host,
            Objects.requireNonNullElse(path.path(), ""),
            path.pathType(),
            PathReading.of(path.path(), path.pathType(), paths) instanceof PathReading.Usable usable
                ? usable.match()
                : null,
            target(path.backend(), field + ".backend"),
            field);
    if (host == null) {
      verdicts.addAll(aloneOn(claim));
    } else {
      routes.add(claim);
    }
  }

  /** How a path is read that no other Ingress has a say in. */
  private List<Verdict> aloneOn(RouteClaim claim) {
    Claimant claimant = claimant(false);
    return PathVerdicts.of(
        claimant, claim, policy.paths().makesExpressions(claim.path()) ? claimant : null, paths);
  }

  private Target target(@Nullable Backend backend, String field) {
    if (backend == null) {
      refuse(field, "backend is missing", "add backend.service.name and backend.service.port");
      return new Target.Refused();
    }
    var resource = backend.resource();
    var service = backend.service();
    if (resource != null) {
      if (service != null) {
        refuse(field, "both service and resource are given; the API allows one", "remove resource");
      } else {
        verdict(
            field + ".resource",
            Outcome.REFUSED,
            Reason.Unsupported,
            "a backend of kind "
                + Objects.requireNonNullElse(resource.kind(), "unknown")
                + " is not supported; requests for it get 503",
            "use backend.service");
      }
      return new Target.Refused();
    }
    if (service == null) {
      refuse(field, "neither service nor resource is given", "add service.name and service.port");
      return new Target.Refused();
    }
    int mistakes = verdicts.size();
    String name = Objects.requireNonNullElse(service.name(), "");
    if (name.isEmpty()) {
      refuse(field + ".service", "name is missing", "add the name of the Service");
    } else if (!KnownKind.SERVICE.canBeNamed(name)) {
      refuse(
          field + ".service.name",
          "\"" + abbreviated(name) + "\" can't be the name of a Service",
          "use lower-case letters, digits and -, at most 63");
    }
    Integer number = service.portNumber();
    if ((number == null) == (service.portName() == null)) {
      refuse(
          field + ".service.port",
          number == null ? "neither name nor number is given" : "both name and number are given",
          "give port.number or port.name");
    } else if (number != null && (number < 1 || number > 65_535)) {
      refuse(
          field + ".service.port.number",
          number + " is not a port",
          "use a number from 1 to 65535");
    }
    return verdicts.size() > mistakes
        ? new Target.Refused()
        : new Target.ServicePort(
            ObjectRef.service(ingress.ref().namespace(), name),
            service.portName(),
            number == null ? 0 : number);
  }

  private void readTls(IngressRecord.Tls entry, int index) {
    String field = "spec.tls[" + index + "]";
    List<Host> names = new ArrayList<>();
    for (int i = 0; i < entry.hosts().size(); i++) {
      String text = entry.hosts().get(i);
      String hostField = field + ".hosts[" + i + "]";
      if (text.isEmpty()) {
        refuse(hostField, "the host is empty", "name the host, or leave hosts out for all of them");
        continue;
      }
      Host host = host(text, hostField);
      if (host != null && !names.contains(host)) {
        names.add(host);
      }
    }
    String secret = entry.secretName();
    if (secret == null || secret.isEmpty()) {
      // The API allows it: "SNI routing alone". HTTPS works for every host with the default one.
      verdict(
          field,
          Outcome.APPLIED_WITH_DIFFERENCE,
          Reason.TLSSecretInvalid,
          "secretName is missing, so the default certificate is served",
          "add secretName");
      return;
    }
    if (!KnownKind.SECRET.canBeNamed(secret)) {
      verdict(
          field + ".secretName",
          Outcome.APPLIED_WITH_DIFFERENCE,
          Reason.InvalidValue,
          "\""
              + abbreviated(secret)
              + "\" can't be the name of a Secret, so the default certificate is served",
          "use the name of a Secret of this namespace, without the namespace");
      return;
    }
    if (entry.hosts().isEmpty()) {
      names.addAll(ingress.rules().isEmpty() ? List.of(Host.ANY) : rules.keySet());
    }
    for (Host host : names) {
      tls.add(
          new TlsClaim(
              host, ObjectRef.secret(ingress.ref().namespace(), secret), index, field, false));
    }
  }

  /** With ingress-nginx, a host that no entry names is served with what is for it of all of them. */
  private void guessTls() {
    Set<Host> named = new HashSet<>();
    Map<ObjectRef, TlsClaim> first = new LinkedHashMap<>();
    for (TlsClaim claim : tls) {
      named.add(claim.host());
      if (first.size() < MOST_GUESSES) {
        first.putIfAbsent(claim.secret(), claim);
      }
    }
    for (Host host : rules.keySet()) {
      if (!host.isAny() && !named.contains(host) && !named.contains(host.parentWildcard())) {
        for (TlsClaim other : first.values()) {
          tls.add(new TlsClaim(host, other.secret(), other.entry(), other.field(), true));
        }
      }
    }
  }

  private @Nullable Host host(@Nullable String text, String field) {
    return switch (HostReading.of(text)) {
      case HostReading.Unusable bad -> {
        refuse(field, bad.message(), bad.fix());
        yield null;
      }
      case HostReading.Usable good -> {
        if (good.difference() != null) {
          verdict(
              field,
              Outcome.APPLIED_WITH_DIFFERENCE,
              Reason.InvalidValue,
              good.difference(),
              "write it in lower case");
        }
        yield good.host();
      }
    };
  }

  /** Enough to find it by. */
  private static String abbreviated(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }

  private void refuse(String field, String message, String fix) {
    verdict(field, Outcome.REFUSED, Reason.InvalidValue, message, fix);
  }

  private void verdict(String field, Outcome outcome, Reason reason, String message, String fix) {
    verdicts.add(new Verdict(ingress.ref(), field, outcome, reason, message, fix));
  }
}
