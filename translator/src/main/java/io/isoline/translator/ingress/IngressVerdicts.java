package io.isoline.translator.ingress;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.ErrorPolicy;
import io.isoline.translator.annotation.FromConfigMap;
import io.isoline.translator.annotation.MirrorWish;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.annotation.SecretUse;
import io.isoline.translator.annotation.SecretUse.Purpose;
import io.isoline.translator.backend.Resolution;
import io.isoline.translator.backend.Services;
import io.isoline.translator.credentials.UserList;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.derive.Value;
import io.isoline.translator.ingress.HostMerge.Winner;
import io.isoline.translator.ingress.HostOwners.Owner;
import io.isoline.translator.ingress.IngressBook.TlsOfIngress;
import io.isoline.translator.ingress.IngressReading.Claimant;
import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.ingress.IngressReading.TlsClaim;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.PathMatch;
import io.isoline.translator.model.Upstream;
import io.isoline.translator.settings.PortService;
import io.isoline.translator.settings.Profile;
import io.isoline.translator.tls.Secrets;
import io.isoline.translator.tls.ServerCertificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads off the books what became of each field of an object. Changes nothing. */
final class IngressVerdicts {

  private static final String REQUESTS_GET_503 = "requests get 503";

  private final IngressBook book;
  private final HostOwners owners;
  private final HostRouting routing;
  private final Certificates certificates;
  private final Services services;
  private final Secrets secrets;
  private final AnnotatedSecrets annotated;
  private final TlsPolicies policies;
  private final PassedHosts passed;
  private final AnnotatedConfigMaps configMaps;
  private final Derived<ObjectRef, Services.Gaps> gaps;
  private final PassedPorts ports;
  private final CanaryVerdicts canaries;
  private final ErrorBackends errors;
  private final MirrorTargets mirrors;
  private final Value<Settings> settings;
  private final Derived<ObjectRef, List<Verdict>> ofIngresses;
  private final Derived<ObjectRef, List<Verdict>> ofServices;
  private final Derived<ObjectRef, List<Verdict>> ofPorts;
  private final Derived<ObjectRef, List<Verdict>> ofSecrets;
  private final Derived<ObjectRef, List<Verdict>> ofConfigMaps;
  private final Derived<ObjectRef, List<Verdict>> ofSlices;

  /**
   * Adds its stages.
   *
   * @param gaps what the Services lack that are used
   * @param different is told of each object that has other verdicts
   */
  IngressVerdicts(
      Derivation derivation,
      IngressBook book,
      HostOwners owners,
      HostRouting routing,
      Certificates certificates,
      Services services,
      Secrets secrets,
      AnnotatedSecrets annotated,
      TlsPolicies policies,
      PassedHosts passed,
      AnnotatedConfigMaps configMaps,
      Derived<ObjectRef, Services.Gaps> gaps,
      ErrorBackends errors,
      PassedPorts ports,
      Value<Settings> settings,
      Consumer<ObjectRef> different) {
    this.book = book;
    this.owners = owners;
    this.routing = routing;
    this.certificates = certificates;
    this.services = services;
    this.secrets = secrets;
    this.annotated = annotated;
    this.policies = policies;
    this.passed = passed;
    this.configMaps = configMaps;
    this.gaps = gaps;
    this.errors = errors;
    this.ports = ports;
    canaries = new CanaryVerdicts(routing, services, gaps);
    mirrors = new MirrorTargets(services);
    this.settings = settings;
    Derived.Listener<ObjectRef, List<Verdict>> told = (ref, before, after) -> different.accept(ref);
    ofIngresses = derivation.derived(book.ingresses(), this::judgeIngress).tell(told);
    ofServices = derivation.derived(services.known(), this::judgeService).tell(told);
    ofPorts = derivation.derived(ports.ofServices(), this::judgePorts).tell(told);
    ofSecrets = derivation.derived(secrets.known(), this::judgeSecret).tell(told);
    ofConfigMaps =
        derivation
            .derived(
                configMaps.known(),
                ref -> List.of(used(ref, "it is named by an annotation of an Ingress")))
            .tell(told);
    ofSlices =
        derivation
            .derived(services.slices(), ref -> services.verdicts(ref, settings.get()))
            .tell(told);
  }

  /** The verdicts on an Ingress, ours or not; empty when it is not known. */
  List<Verdict> ofIngress(ObjectRef ref) {
    return known(ofIngresses, ref);
  }

  /**
   * The verdicts on a Service; one that the operator names has some also when it does not exist.
   *
   * @param operators the operator's default backend, if this is it
   */
  List<Verdict> ofService(ObjectRef ref, Target.@Nullable ServicePort operators) {
    List<Verdict> verdicts = new ArrayList<>();
    if (operators != null) {
      verdicts.add(ofOperators(operators));
    }
    verdicts.addAll(known(ofPorts, ref));
    if (verdicts.isEmpty() || (operators == null && book.isUsed(ref))) {
      verdicts.addAll(known(ofServices, ref));
    }
    return List.copyOf(verdicts);
  }

  /** The verdicts on a Secret; empty when it is not known. */
  List<Verdict> ofSecret(ObjectRef ref) {
    return known(ofSecrets, ref);
  }

  /** The verdicts on a ConfigMap; empty when it is not known. */
  List<Verdict> ofConfigMap(ObjectRef ref) {
    return known(ofConfigMaps, ref);
  }

  /** The verdicts on an EndpointSlice; empty when it is not known. */
  List<Verdict> ofSlice(ObjectRef ref) {
    return known(ofSlices, ref);
  }

  private static List<Verdict> known(
      Derived<ObjectRef, List<Verdict>> verdicts, ObjectRef ref) {
    return Objects.requireNonNullElse(verdicts.get(ref), List.of());
  }

  private List<Verdict> judgeIngress(ObjectRef ref) {
    return switch (book.read(ref)) {
      case null -> List.of();
      case ReadIngress.OfAnotherClass other -> List.of(other.verdict());
      case IngressReading reading ->
          ofReading(
              Objects.requireNonNull(book.ingresses().first(ref)), reading, settings.get());
    };
  }

  private List<Verdict> ofReading(
      IngressRecord ingress, IngressReading reading, Settings settings) {
    ObjectRef ref = ingress.ref();
    // Several hosts of one TLS entry can come to the same words.
    Set<Verdict> verdicts = new LinkedHashSet<>(ofAnnotations(reading));
    for (RouteClaim claim : reading.routes()) {
      verdicts.addAll(ofRoute(reading, claim, settings));
    }
    if (reading.canary() != null) {
      for (RouteClaim claim : reading.canary().routes()) {
        verdicts.addAll(canaries.of(reading, claim, settings));
      }
    }
    if (reading.defaultBackend() instanceof Target.ServicePort port) {
      verdicts.add(ofDefault(reading, port, settings));
    }
    for (TlsClaim claim : reading.tls()) {
      if (!claim.isGuess() || isShown(reading, claim)) {
        verdicts.add(ofTls(reading, claim));
      }
    }
    verdicts.addAll(AnnotationVerdicts.of(ingress, reading.canary() != null));
    List<Verdict> sorted = new ArrayList<>(verdicts);
    if (sorted.stream().noneMatch(Verdict::isFinding)) {
      sorted.add(accepted(ref, "", "all of it is in force"));
    }
    sorted.sort(null);
    return List.copyOf(sorted);
  }

  /** What was said of the annotations, but for those whose Secret or ConfigMap cannot be used. */
  private List<Verdict> ofAnnotations(IngressReading reading) {
    List<Verdict> verdicts = new ArrayList<>(reading.verdicts());
    for (Verdict wide : HostWideVerdicts.of(owners, routing, reading)) {
      verdicts.removeIf(verdict -> verdict.field().equals(wide.field()));
      verdicts.add(wide);
    }
    for (SecretUse use : reading.policy().secrets()) {
      if (annotated.unusable(reading.policy(), use)
          instanceof SecretContent.Unusable(String message, String fix)) {
        verdicts.removeIf(verdict -> verdict.field().equals(use.field()));
        verdicts.add(
            new Verdict(
                reading.ref(),
                use.field(),
                Outcome.REFUSED,
                Reason.SecretInvalid,
                use.secret()
                    + ": "
                    + message
                    + (use.purpose() == Purpose.AUTHORITIES
                        ? "; requests for the hosts of the Ingress get 403"
                        : "; requests for the paths of the Ingress get 503"),
                fix));
      }
    }
    for (Verdict verdict : ofErrors(reading, settings.get())) {
      verdicts.removeIf(other -> other.field().equals(verdict.field()));
      verdicts.add(verdict);
    }
    for (Verdict verdict : policies.verdicts(reading)) {
      verdicts.removeIf(
          other -> other.field().equals(verdict.field()) && other.outcome() == Outcome.APPLIED);
      verdicts.add(verdict);
    }
    Verdict ofPassing = passed.verdict(reading);
    if (ofPassing != null) {
      verdicts.removeIf(verdict -> verdict.field().equals(ofPassing.field()));
      verdicts.add(ofPassing);
    }
    for (FromConfigMap wish : reading.policy().configMaps()) {
      if (configMaps.of(wish) instanceof FromConfigMap.Content.Unusable unusable) {
        verdicts.removeIf(verdict -> verdict.field().equals(wish.field()));
        verdicts.add(
            new Verdict(
                reading.ref(),
                wish.field(),
                Outcome.REFUSED,
                Reason.ConfigMapInvalid,
                wish.configMap()
                    + ": "
                    + unusable.message()
                    + "; requests for the paths of the Ingress get 503",
                unusable.fix()));
      }
    }
    MirrorWish mirror = reading.policy().backend().mirror();
    Verdict ofMirror = mirror == null ? null : ofMirror(reading.ref(), mirror);
    if (ofMirror != null) {
      verdicts.removeIf(verdict -> verdict.field().equals(ofMirror.field()));
      verdicts.add(ofMirror);
    }
    return verdicts;
  }

  /** What is said of pages that nobody gives. */
  private List<Verdict> ofErrors(IngressReading reading, Settings settings) {
    ErrorPolicy policy = reading.policy().backend().errors();
    if (policy == null) {
      return List.of();
    }
    List<Verdict> verdicts = new ArrayList<>();
    ObjectRef service = policy.service();
    boolean named = false;
    if (service != null) {
      switch (errors.named(service, BackendOptions.NONE, settings)) {
        case Resolution.Unresolved unresolved ->
            verdicts.add(
                new Verdict(
                    reading.ref(),
                    policy.serviceField(),
                    Outcome.REFUSED,
                    unresolved.reason(),
                    unresolved.message() + "; it answers nothing",
                    unresolved.fix()));
        case Resolution.Found(Upstream found, _) -> {
          named = errors.hasEndpoints(found);
          if (!named) {
            verdicts.add(
                withoutEndpoints(
                    reading.ref(),
                    policy.serviceField(),
                    found.service()
                        + " port "
                        + found.port()
                        + " has no ready endpoint; it answers nothing",
                    services.sliceWithRefusedAddress(found.service(), settings)));
          }
        }
      }
    }
    if (!named && !policy.statuses().isEmpty() && errors.page(policy, settings) == null) {
      verdicts.add(
          new Verdict(
              reading.ref(),
              policy.statusesField(),
              Outcome.NO_EFFECT,
              Reason.BackendNotFound,
              "nobody gives pages, so answers stay as they are",
              service == null
                  ? "name a Service that gives them by default-backend"
                  : "see to the Service that default-backend names"));
    }
    return verdicts;
  }

  /** Why no copies are sent, or none arrive; null when they do. */
  private @Nullable Verdict ofMirror(ObjectRef ingress, MirrorWish wish) {
    return switch (mirrors.resolve(ingress, wish.target(), settings.get())) {
      case Resolution.Unresolved unresolved ->
          new Verdict(
              ingress,
              wish.field(),
              Outcome.REFUSED,
              unresolved.reason(),
              unresolved.message() + "; nobody gets copies",
              unresolved.fix());
      case Resolution.Found(Upstream.Endpoints upstream, _) -> {
        Services.Gaps lacking = gaps.get(upstream.service());
        yield lacking != null && lacking.portsWithoutEndpoints().contains(upstream.port())
            ? withoutEndpoints(
                ingress,
                wish.field(),
                upstream.service()
                    + " port "
                    + upstream.port()
                    + " has no ready endpoint; nobody gets copies",
                lacking.refused())
            : null;
      }
      case Resolution.Found(Upstream.Dns upstream, _) ->
          new Verdict(
              ingress,
              wish.field(),
              Outcome.APPLIED_WITH_DIFFERENCE,
              Reason.Unsupported,
              "copies go to "
                  + upstream.dnsName()
                  + ", without Authorization, Proxy-Authorization and Cookie, as "
                  + upstream.service()
                  + " is of type ExternalName",
              "name a Service with endpoints, if it is to have them");
      case Resolution.Found _ -> null;
    };
  }

  private List<Verdict> judgeService(ObjectRef ref) {
    return List.of(used(ref, "a backend of an Ingress"));
  }

  private Verdict ofOperators(Target.ServicePort operators) {
    return ofTarget(
        operators.service(),
        "",
        "",
        "what no Ingress has a backend for",
        operators,
        BackendOptions.NONE,
        REQUESTS_GET_503,
        settings.get());
  }

  private List<Verdict> judgePorts(ObjectRef service) {
    return ports.ofServices().of(service).stream().map(port -> ofPort(service, port)).toList();
  }

  /** The verdict on a Service that a port of the operator is passed on to. */
  private Verdict ofPort(ObjectRef service, PortService port) {
    String name = port.transport() + " port " + port.port();
    return switch (ports.resolve(port)) {
      case Resolution.Unresolved unresolved ->
          new Verdict(
              service,
              "",
              Outcome.REFUSED,
              unresolved.reason(),
              unresolved.message() + "; so Envoy does not listen on " + name,
              unresolved.fix());
      case Resolution.Found(Upstream upstream, _) -> {
        String to = service + " port " + upstream.port();
        yield upstream instanceof Upstream.Endpoints endpoints
                && services.endpoints(endpoints, settings.get()).endpoints().isEmpty()
            ? withoutEndpoints(
                service,
                "",
                to
                    + " has no ready endpoint; "
                    + switch (port.transport()) {
                      case TCP -> "connections to " + name + " are closed";
                      case UDP -> "datagrams to " + name + " are dropped";
                    },
                services.sliceWithRefusedAddress(service, settings.get()))
            : accepted(service, "", name + " goes to " + to);
      }
    };
  }

  private static Verdict withoutEndpoints(
      ObjectRef ref, String field, String message, @Nullable ObjectRef refused) {
    return new Verdict(
        ref,
        field,
        Outcome.APPLIED_WITH_DIFFERENCE,
        Reason.NoEndpoints,
        message,
        refused == null
            ? "look at the pods that the Service selects"
            : "look at " + refused + ", which has addresses that are refused");
  }

  private List<Verdict> judgeSecret(ObjectRef ref) {
    List<Verdict> verdicts = new ArrayList<>();
    Set<String> uses = new LinkedHashSet<>();
    if (book.isCertificate(ref)) {
      uses.add("the certificate of an Ingress");
      if (secrets.content(ref) instanceof ServerCertificate.Invalid invalid) {
        verdicts.add(invalid(ref, Reason.TLSSecretInvalid, invalid.message(), invalid.fix()));
      }
    }
    for (SecretUse.Purpose purpose : SecretUse.Purpose.values()) {
      switch (annotated.content(ref, purpose)) {
        case null -> {}
        case SecretContent.Unusable(String message, String fix) ->
            verdicts.add(invalid(ref, Reason.SecretInvalid, message, fix));
        case SecretContent.Users(UserList.Usable list) -> {
          uses.add(purpose.toString());
          verdicts.addAll(ofUsers(ref, list));
        }
        case SecretContent.ClientAuthorities _, SecretContent.ForBackends _ ->
            uses.add(purpose.toString());
      }
    }
    if (verdicts.isEmpty()) {
      verdicts.add(used(ref, String.join("; ", uses)));
    }
    return List.copyOf(verdicts);
  }

  private static Verdict invalid(ObjectRef secret, Reason reason, String message, String fix) {
    return new Verdict(secret, "data", Outcome.REFUSED, reason, message, fix);
  }

  /** The lines that do not do what their author meant. */
  private static List<Verdict> ofUsers(ObjectRef secret, UserList.Usable list) {
    List<Verdict> verdicts = new ArrayList<>();
    for (UserList.Problem problem : list.problems()) {
      verdicts.add(broken(secret, problem.toString()));
    }
    if (list.furtherProblems() > 0) {
      verdicts.add(broken(secret, list.furtherProblems() + " more lines have mistakes"));
    }
    return verdicts;
  }

  private static Verdict broken(ObjectRef secret, String message) {
    return new Verdict(
        secret,
        "data",
        Outcome.APPLIED_WITH_DIFFERENCE,
        Reason.SecretInvalid,
        message,
        "write a line USER:HASH for each user, as htpasswd makes it");
  }

  /**
   * The verdicts of an object that cannot be read.
   *
   * @param known those of what was read of it before
   */
  static List<Verdict> ofUnreadable(Change.Unreadable fault, List<Verdict> known) {
    if (known.stream().anyMatch(verdict -> verdict.reason() == Reason.OtherClass)) {
      return known;
    }
    String kept = known.isEmpty() ? "" : "; what was read of it before stays in service";
    List<Verdict> verdicts = new ArrayList<>(known);
    verdicts.add(
        new Verdict(
            fault.object(),
            "",
            Outcome.REFUSED,
            Reason.Unreadable,
            fault.message() + kept,
            fault.fix()));
    verdicts.sort(null);
    return List.copyOf(verdicts);
  }

  private Verdict used(ObjectRef ref, String as) {
    return book.isUsed(ref)
        ? accepted(ref, "", as)
        : new Verdict(ref, "", Outcome.NO_EFFECT, Reason.NotUsed, "no Ingress refers to it", "");
  }

  private List<Verdict> ofRoute(IngressReading reading, RouteClaim claim, Settings settings) {
    HostMerge merge = routing.merged(claim.host());
    Claimant expressive = merge == null ? null : merge.expressive(reading.namespace());
    List<Verdict> verdicts =
        PathVerdicts.of(reading.claimant(), claim, expressive, settings.http().paths());
    if (verdicts.stream().anyMatch(verdict -> verdict.outcome() == Outcome.REFUSED)) {
      return verdicts;
    }
    if (!owners.mayRoute(reading.namespace(), claim.host())) {
      verdicts.add(foreign(reading, claim.host(), claim.field(), ""));
      return verdicts;
    }
    Winner winner = merge == null ? null : merge.winner(reading.namespace(), claim);
    PathMatch match = merge == null ? null : merge.match(reading.namespace(), claim);
    if (winner != null
        && !(winner.ingress().ref().equals(reading.ref()) && winner.claim().equals(claim))) {
      verdicts.add(conflict(reading, claim, match, winner));
      return verdicts;
    }
    PathRewriting rewriting =
        PathRewriting.of(reading.policy().paths(), claim.path(), settings.http().paths());
    if (rewriting instanceof PathRewriting.Rewritten rewritten && rewritten.doubling()) {
      verdicts.add(
          new Verdict(
              reading.ref(),
              claim.field() + ".path",
              Outcome.APPLIED_WITH_DIFFERENCE,
              Reason.InvalidValue,
              "requests get 403 for which a group before a slash of rewrite-target is empty or ends"
                  + " with a slash, as backends get no empty element",
              "let the group end before a slash and have at least a character, as ([^/]+) has"));
    }
    if (rewriting instanceof PathRewriting.Impossible(String why)) {
      verdicts.add(
          new Verdict(
              reading.ref(),
              claim.field(),
              Outcome.REFUSED,
              Reason.InvalidValue,
              "rewrite-target, or x-forwarded-prefix, does not fit the path: "
                  + why
                  + "; requests get 503",
              "refer to groups of the path, by $1 to $9 or by their names"));
      return verdicts;
    }
    // A target that was refused has its verdict from the reader.
    if (claim.target() instanceof Target.ServicePort port) {
      verdicts.add(
          ofTarget(
              reading,
              claim.field(),
              claim.field() + ".backend",
              claim.host() + " " + match,
              port,
              settings));
    }
    return verdicts;
  }

  private static Verdict conflict(
      IngressReading reading, RouteClaim claim, @Nullable PathMatch match, Winner winner) {
    boolean same = winner.ingress().ref().equals(reading.ref());
    boolean foreign = !winner.ingress().namespace().equals(reading.namespace());
    return new Verdict(
        reading.ref(),
        claim.field(),
        Outcome.NO_EFFECT,
        Reason.Conflict,
        "host "
            + claim.host()
            + " with "
            + match
            + " already belongs to "
            + (same
                ? winner.claim().field() + ", which comes first"
                : winner.ingress().ref()
                    + " ("
                    + winner.claim().field()
                    + "), which "
                    + precedence(winner.ingress(), reading.claimant())),
        "remove one of the two, or choose another path"
            + (foreign
                ? "; an administrator can give the host to one of the two namespaces, by its"
                    + " annotation "
                    + GrantReading.ANNOTATION
                : ""));
  }

  /**
   * The verdict on what does not count for a host, as it is another namespace's.
   *
   * @param consequence what follows, begins with {@code ;} or is empty
   */
  private Verdict foreign(
      IngressReading reading, Host host, String field, String consequence) {
    return new Verdict(
        reading.ref(),
        field,
        Outcome.REFUSED,
        Reason.HostOwned,
        owner(reading, host) + consequence,
        host.isAny()
            ? "name a host, or have an administrator give the namespace \"*\", by its annotation "
                + GrantReading.ANNOTATION
            : "choose another host, or have an administrator give it to namespace "
                + reading.namespace()
                + ", by its annotation "
                + GrantReading.ANNOTATION);
  }

  /** Whose a host is, as the author of another Ingress is told. */
  private String owner(IngressReading reading, Host host) {
    String what = host.isAny() ? "hosts that nobody names" : "host " + host;
    if (!owners.mayHave(reading.namespace(), host)) {
      SortedSet<String> given = owners.givenTo(host);
      return what
          + (given.isEmpty()
              ? " belong to no namespace unless an administrator gives them to one"
              : " " + belong(host) + " to " + namespaces(given) + ", as an administrator decided");
    }
    Host owned = host;
    Owner owner = owners.owner(host);
    if (owner == null && !host.isAny()) {
      owned = host.parentWildcard();
      owner = owners.owner(owned);
      if (owner != null) {
        what += ", as all names below " + host.parentWildcard() + " without rules of their own,";
      }
    }
    if (owner == null) {
      return "no Ingress has a rule for "
          + what
          + ", and the first to name a Secret for it is of namespace "
          + certificates.holder(host);
    }
    boolean byRule = owner.byRule();
    return what
        + " "
        + belong(host)
        + " to namespace "
        + owner.namespace()
        + ", whose "
        + owner.ingress().ref()
        + (owners.name(owned) != null
            ? " names it by an annotation"
            : byRule ? " has a rule for " + (host.isAny() ? "them" : "it") : " has a default backend")
        // Who has no rule for it is not asked how old it is.
        + (byRule && reading.hosts().contains(owned)
            ? " and " + precedence(owner.ingress(), reading.claimant())
            : "");
  }

  private static String belong(Host host) {
    return host.isAny() ? "belong" : "belongs";
  }

  private static String namespaces(SortedSet<String> names) {
    String first = names.stream().limit(5).collect(Collectors.joining(", "));
    return (names.size() == 1 ? "namespace " : "namespaces ")
        + first
        + (names.size() > 5 ? " and " + (names.size() - 5) + " more" : "");
  }

  private Verdict ofDefault(IngressReading reading, Target.ServicePort port, Settings settings) {
    String field = "spec.defaultBackend";
    if (reading.hosts().isEmpty()) {
      return ofPlainDefault(reading, port, settings);
    }
    List<String> lost = new ArrayList<>();
    Claimant winner = null;
    Host foreign = null;
    for (Host host : reading.hosts()) {
      HostMerge.Fallback fallback = routing.fallback(host);
      if (host.isAny()
          ? !owners.mayRoute(reading.namespace(), host)
          : !owners.isOwner(reading.namespace(), host)) {
        foreign = host;
        lost.add(host.pattern());
      } else if (fallback != null && !fallback.ingress().ref().equals(reading.ref())) {
        winner = fallback.ingress();
        lost.add(host.pattern());
      }
    }
    if (foreign != null && lost.size() == reading.hosts().size()) {
      return foreign(reading, foreign, field, "; only its own default backends count");
    }
    if (lost.isEmpty()) {
      return ofTarget(reading, field, field, "what no path matches", port, settings);
    }
    String whose =
        winner == null
            ? "not this one: " + owner(reading, Objects.requireNonNull(foreign))
            : "that of " + winner.ref() + ", which " + precedence(winner, reading.claimant());
    return new Verdict(
        reading.ref(),
        field,
        lost.size() < reading.hosts().size() ? Outcome.APPLIED_WITH_DIFFERENCE : Outcome.NO_EFFECT,
        winner == null ? Reason.HostOwned : Reason.Conflict,
        "the default backend for " + listed(lost) + " is " + whose,
        winner == null ? "remove the rules for these hosts" : "remove one of the two");
  }

  /** Of an Ingress that names no host, or none that can be used. */
  private Verdict ofPlainDefault(
      IngressReading reading, Target.ServicePort port, Settings settings) {
    String field = "spec.defaultBackend";
    if (reading.profile() == Profile.NGINX && reading.claimant().hasRules()) {
      return new Verdict(
          reading.ref(),
          field,
          Outcome.NO_EFFECT,
          Reason.InvalidValue,
          "as with ingress-nginx it is for the hosts of the rules, and none of these can be used",
          "correct the hosts, or remove the rules if it is for hosts that nobody names");
    }
    HostMerge.Fallback classWide = routing.classWideDefault();
    boolean ofNamespace =
        HostRouting.isOf(reading, routing.plainDefault(reading.namespace()));
    boolean hasHosts = owners.ownsAny(reading.namespace());
    if (classWide != null && HostRouting.isOf(reading, classWide)) {
      return ofTarget(reading, field, field, "what no path matches", port, settings);
    }
    String others =
        owners.mayRoute(reading.namespace(), Host.ANY) && classWide != null
            ? "the default backend for all hosts without one of their own is that of "
                + classWide.ingress().ref()
                + ", which "
                + precedence(classWide.ingress(), reading.claimant())
            : owner(reading, Host.ANY);
    return new Verdict(
        reading.ref(),
        field,
        ofNamespace && hasHosts ? Outcome.APPLIED_WITH_DIFFERENCE : Outcome.NO_EFFECT,
        classWide == null ? Reason.HostOwned : Reason.Conflict,
        others
            + (ofNamespace
                ? "; for hosts of namespace "
                    + reading.namespace()
                    + (hasHosts ? " it is this one" : " it would be this one, and there is none")
                : ""),
        ofNamespace ? "name the hosts that it is for" : "remove one of the two");
  }

  private static String listed(List<String> hosts) {
    return String.join(", ", hosts.subList(0, Math.min(5, hosts.size())))
        + (hosts.size() > 5 ? " and " + (hosts.size() - 5) + " more" : "");
  }

  private Verdict ofTarget(
      IngressReading reading,
      String field,
      String backendField,
      String what,
      Target.ServicePort port,
      Settings settings) {
    Policy policy = reading.policy();
    return policy.redirect() == null
        ? ofTarget(
            reading.ref(),
            field,
            backendField,
            what,
            port,
            policy.backend().options(),
            withoutAnswer(policy, settings),
            settings)
        : accepted(
            reading.ref(), field, what + " is redirected to " + policy.redirect().location());
  }

  /** What becomes of requests whose Service cannot answer. */
  private String withoutAnswer(Policy policy, Settings settings) {
    ErrorPolicy failures = policy.backend().errors();
    Upstream standIn =
        failures == null
            ? null
            : errors.standIn(failures, policy.backend().options(), settings);
    return standIn == null ? REQUESTS_GET_503 : standIn.service() + " answers instead";
  }

  private Verdict ofTarget(
      ObjectRef ref,
      String field,
      String backendField,
      String what,
      Target.ServicePort port,
      BackendOptions options,
      String withoutAnswer,
      Settings settings) {
    return switch (services.resolve(
        port.service(), port.portName(), port.portNumber(), options, settings)) {
      case Resolution.Unresolved unresolved ->
          new Verdict(
              ref,
              backendField,
              Outcome.REFUSED,
              unresolved.reason(),
              unresolved.message() + "; " + withoutAnswer,
              unresolved.fix());
      case Resolution.Found found ->
          ofFound(ref, field, backendField, what, found, withoutAnswer, settings);
    };
  }

  private Verdict ofFound(
      ObjectRef ref,
      String field,
      String backendField,
      String what,
      Resolution.Found found,
      String withoutAnswer,
      Settings settings) {
    Upstream upstream = found.upstream();
    String to = upstream.service() + " port " + upstream.port();
    if (upstream instanceof Upstream.Endpoints) {
      Services.Gaps lacking = gaps.get(upstream.service());
      if (lacking == null) {
        // No Ingress uses it, but the operator does.
        lacking = services.gaps(upstream.service(), settings);
      }
      if (lacking.portsWithoutEndpoints().contains(upstream.port())) {
        return withoutEndpoints(
            ref,
            backendField,
            to + " has no ready endpoint; " + withoutAnswer,
            lacking.refused());
      }
    }
    if (found.difference() != null) {
      return new Verdict(
          ref,
          backendField,
          Outcome.APPLIED_WITH_DIFFERENCE,
          Reason.Unsupported,
          found.difference().message(),
          found.difference().fix());
    }
    return accepted(ref, field, what + " goes to " + to);
  }

  private boolean isShown(IngressReading reading, TlsClaim claim) {
    return reading.namespace().equals(certificates.holder(claim.host()))
        && certificates.chosen(reading.namespace(), claim.host()).contains(claim.secret());
  }

  private Verdict ofTls(IngressReading reading, TlsClaim claim) {
    ObjectRef ref = reading.ref();
    if (claim.host().isAny()) {
      return new Verdict(
          ref,
          claim.field(),
          Outcome.APPLIED_WITH_DIFFERENCE,
          Reason.Unsupported,
          "it names no host, and hosts that nobody names are served with the default certificate"
              + " of the operator of Isoline",
          "name the hosts in spec.tls[].hosts, with a rule for each");
    }
    if (!reading.namespace().equals(certificates.holder(claim.host()))) {
      return foreign(
          reading,
          claim.host(),
          claim.field(),
          claim.host().isWildcard()
              ? "; with this certificate only names below are served that belong to namespace "
                  + reading.namespace()
              : "; only certificates of that namespace are served for it");
    }
    String instead = passed.instead(claim.host());
    if (instead != null) {
      return new Verdict(
          ref, claim.field(), Outcome.NO_EFFECT, Reason.NotUsed, instead, "");
    }
    List<ObjectRef> serving = certificates.chosen(reading.namespace(), claim.host());
    boolean serves = serving.contains(claim.secret());
    return switch (secrets.content(claim.secret())) {
      case ServerCertificate.Invalid invalid ->
          new Verdict(
              ref,
              claim.field() + ".secretName",
              Outcome.APPLIED_WITH_DIFFERENCE,
              Reason.TLSSecretInvalid,
              claim.secret()
                  + ": "
                  + invalid.message()
                  + (serves
                      ? "; the default certificate is served"
                      : "; the other certificate of " + claim.host() + " is served"),
              invalid.fix());
      case ServerCertificate.Valid _ when !serves -> lostTls(reading, claim, serving);
      case ServerCertificate.Valid valid -> {
        String host = claim.host().pattern();
        yield valid.covers(host)
            ? accepted(ref, claim.field(), host + " is served with " + claim.secret())
            : new Verdict(
                ref,
                claim.field(),
                Outcome.APPLIED_WITH_DIFFERENCE,
                Reason.TLSHostMismatch,
                "the certificate in "
                    + claim.secret()
                    + " is served for "
                    + host
                    + (valid.dnsNames().isEmpty()
                        ? ", but has no DNS name"
                        : ", but names only " + String.join(", ", valid.dnsNames()))
                    + "; clients will not accept it",
                "issue a certificate with the subject alternative name " + host);
      }
    };
  }

  private Verdict lostTls(IngressReading reading, TlsClaim claim, List<ObjectRef> serving) {
    ObjectRef winner = serving.isEmpty() ? claim.secret() : serving.getFirst();
    TlsOfIngress claimant =
        certificates.claimant(reading.namespace(), claim.host(), winner);
    return new Verdict(
        reading.ref(),
        claim.field(),
        Outcome.NO_EFFECT,
        Reason.Conflict,
        claim.host()
            + " is already served with "
            + winner
            + (claimant == null
                ? ""
                : ", as "
                    + claimant.ingress().ref()
                    + " asks ("
                    + claimant.tls().field()
                    + "), which "
                    + precedence(claimant.ingress(), reading.claimant())),
        "name the same Secret, or one with another type of key (RSA, ECDSA)");
  }

  /** In which the two differ that decides. */
  private static String precedence(Claimant winner, Claimant loser) {
    if (winner.ref().equals(loser.ref())) {
      return "comes first";
    }
    if (loser.terminating() && !winner.terminating()) {
      return "stays, while this one is being deleted";
    }
    if (winner.age().compareTo(loser.age()) > 0) {
      return "has no rules, so that it is there for all hosts";
    }
    if (winner.age().created() == null && winner.age().ordinal() != loser.age().ordinal()) {
      return "comes first in the files";
    }
    return winner.age().compareTo(loser.age()) == 0
        ? ofOneAge(winner, loser)
        : "was created earlier"
            + (winner.namespace().equals(loser.namespace())
                ? ""
                : "; what counts is when an Ingress was created, not since when it names the host");
  }

  private static String ofOneAge(Claimant winner, Claimant loser) {
    return winner.profile() != loser.profile()
        ? "is of the same age and not of a class of ingress-nginx"
        : switch (winner.profile()) {
          case STRICT -> "is of the same age and comes first by namespace and name";
          case NGINX ->
              "is of the same age and comes last by namespace and name, as with ingress-nginx";
        };
  }

  private static Verdict accepted(ObjectRef ref, String field, String message) {
    return new Verdict(ref, field, Outcome.APPLIED, Reason.Accepted, message, "");
  }
}
