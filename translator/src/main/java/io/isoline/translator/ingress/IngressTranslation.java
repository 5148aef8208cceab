package io.isoline.translator.ingress;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.Settings;
import io.isoline.translator.Verdict;
import io.isoline.translator.backend.Services;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.derive.Facts;
import io.isoline.translator.derive.Value;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.kube.ClusterObject;
import io.isoline.translator.kube.ConfigMapRecord;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressClassRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.KnownKind;
import io.isoline.translator.kube.NamespaceRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.annotation.TlsPolicy;
import io.isoline.translator.annotation.SecretUse.Purpose;
import io.isoline.translator.ingress.Certificates.Serving;
import io.isoline.translator.model.Authorities;
import io.isoline.translator.model.Backend;
import io.isoline.translator.model.ClientVerification;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.KeyPair;
import io.isoline.translator.model.Listener;
import io.isoline.translator.model.ModelChange;
import io.isoline.translator.model.Route;
import io.isoline.translator.model.TlsChain;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.model.Upstream;
import io.isoline.translator.model.VirtualHost;
import io.isoline.translator.settings.IngressSettings.Tenancy;
import io.isoline.translator.settings.IngressSettings;
import io.isoline.translator.settings.Profile;
import io.isoline.translator.tls.Secrets;
import io.isoline.translator.tls.ServerCertificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the model in step with the objects, a batch of changes at a time.
 *
 * <p>Changes are entered as facts. Everything else is rows of a {@link Derivation}, in stages: what
 * each Namespace gives and each Ingress asks, who owns each host, its certificates, its routes, the
 * listeners of ports that are
 * passed on, the upstreams that these lead to, the endpoints of each, and verdicts. So the result depends on what is
 * known and not on the order in which that came.
 *
 * <p>Rows of hosts and of endpoints are written to the model as they are derived, and not kept: they
 * would be as large as all resources together.
 *
 * <p>Owned by one thread.
 */
public final class IngressTranslation {

  /** Those of one name are different while a Service changes. */
  private static final Comparator<Upstream> SAME_TOGETHER =
      Comparator.comparing(Upstream::variant)
          .thenComparing(Upstream::protocol)
          .thenComparing(upstream -> upstream.getClass().getName())
          .thenComparing(
              upstream ->
                  switch (upstream) {
                    case Upstream.Endpoints endpoints -> endpoints.portName();
                    case Upstream.ClusterIp clusterIp -> clusterIp.address();
                    case Upstream.Dns dns -> dns.dnsName();
                    case Upstream.Outside outside -> outside.host();
                  });

  private final Derivation derivation = new Derivation();
  private final Value<Settings> settings;
  private final Value<IngressSettings.Classes> ours;
  private final Value<HttpOptions.Paths> paths;
  private final Value<Optional<Tracing>> tracing;
  private final Value<Tenancy.Hosts> mode;

  /** Counts the changes of {@link #classes}: whoever reads these reads all of them. */
  private final Value<Integer> edition;

  private final IngressClasses classes = new IngressClasses();
  private final Services services;
  private final Namespaces namespaces;
  private final IngressBook book;
  private final HostGrants grants;
  private final Secrets secrets;
  private final AnnotatedConfigMaps configMaps;
  private final AnnotatedSecrets annotated;
  private final TlsPolicies policies;
  private final PassedHosts passed;
  private final Certificates certificates;
  private final HostRouting routing;
  private final PassedPorts ports;

  /** By name, the upstream of each host or port that leads to it. */
  private final Facts<String, Upstream> uses;

  private final Derived<String, Upstream> upstreams;

  /** By the name of the endpoints, the upstreams that have these. */
  private final Facts<String, Upstream.Endpoints> endpoints;
  private final IngressVerdicts verdicts;
  private final Map<ObjectRef, Change.Unreadable> unreadable = new HashMap<>();

  // Trees: a hash table keeps the size of its fullest day, and is walked whole for one element.
  private final NavigableSet<ObjectRef> judged = new TreeSet<>();
  private final Set<ObjectRef> differentSecrets = new TreeSet<>();

  /** The names of backends, to be written again. */
  private final Set<String> differentBackends = new TreeSet<>();

  /** The names of the backends that have each Secret for TLS. */
  private final Map<ObjectRef, Set<String>> backendsWith = new TreeMap<>();

  /** The names of resources with authorities. */
  private final Set<String> differentAuthorities = new TreeSet<>();

  /** Whether the model lacks what is made of the settings. */
  private boolean fresh = true;

  /** What is different since the last call of {@link #apply}: rules fill it. */
  private ModelChange model = ModelChange.none();

  public IngressTranslation(Settings first) {
    settings = derivation.value(first);
    ours = derivation.value(first.ingress().classes());
    paths = derivation.value(first.http().paths());
    tracing = derivation.value(Optional.ofNullable(first.tracing()));
    mode = derivation.value(first.ingress().tenancy().hosts());
    edition = derivation.value(0);
    services = new Services(derivation);
    namespaces = new Namespaces(derivation, this::give);
    book = new IngressBook(derivation, this::classify, this::profile, this::read);
    grants = new HostGrants(derivation, book.hosts());
    HostOwners owners = new HostOwners(derivation, book, grants, mode);
    secrets = new Secrets(derivation, book.usersOfCertificates(), differentSecrets::add);
    annotated =
        new AnnotatedSecrets(
            derivation, book.usersOfAnnotated(), secrets, this::noteSecret);
    policies = new TlsPolicies(derivation, book, owners, annotated);
    passed = new PassedHosts(derivation, book, owners, services, settings);
    certificates =
        new Certificates(derivation, book, owners, policies, passed, secrets, this::pass);
    configMaps = new AnnotatedConfigMaps(derivation, book.wishes());
    Derived<ObjectRef, Services.Gaps> gaps =
        derivation.derived(
            book.usersOfServices(), service -> services.gaps(service, settings.get()));
    ErrorBackends errors = new ErrorBackends(services, gaps);
    routing =
        new HostRouting(
            derivation, book, owners, certificates, services, errors, annotated, configMaps, paths);
    derivation.<Host, Set<Upstream>>derived(book.hosts(), this::route).tell(this::use);
    ports = new PassedPorts(derivation, services, settings, this::listen);
    uses = derivation.facts(SAME_TOGETHER);
    upstreams =
        derivation
            .<String, Upstream>derived(uses, name -> uses.first(name))
            .tell(this::connect);
    endpoints = derivation.facts(SAME_TOGETHER);
    derivation.<String, Boolean>derived(endpoints, this::findEndpoints).tell(this::forget);
    verdicts =
        new IngressVerdicts(
            derivation,
            book,
            owners,
            routing,
            certificates,
            services,
            secrets,
            annotated,
            policies,
            passed,
            configMaps,
            gaps,
            errors,
            ports,
            settings,
            judged::add);
    grants.configure(first.ingress().tenancy().grants());
    ports.configure(first.listeners().ports());
  }

  private void give(String namespace, @Nullable GrantReading before, @Nullable GrantReading now) {
    grants.annotate(
        namespace,
        before == null ? Set.of() : before.hosts(),
        now == null ? Set.of() : now.hosts());
  }

  private @Nullable Verdict classify(IngressRecord ingress) {
    edition.get();
    return classes.refusal(ingress, ours.get());
  }

  private Profile profile(IngressRecord ingress) {
    edition.get();
    return classes.profile(ingress, ours.get());
  }

  private ReadIngress read(IngressRecord ingress, Profile profile) {
    return IngressReader.read(
        ingress,
        namespaces.isTerminating(ingress.ref().namespace()),
        paths.get(),
        profile,
        tracing.get().orElse(null));
  }

  /** Writes the routes of a host, and returns what they lead to. */
  private @Nullable Set<Upstream> route(Host host) {
    VirtualHost own = guarded(routing.build(host, settings.get()));
    model.virtualHosts().put(HostRouting.key(host), Optional.ofNullable(own));
    Set<Upstream> used = new HashSet<>();
    addUsed(own, used);
    if (host.isWildcard()) {
      VirtualHost below = own == null ? null : guarded(routing.below(host, settings.get()));
      model
          .virtualHosts()
          .put(HostRouting.key(host.belowAtAnyDepth()), Optional.ofNullable(below));
      addUsed(below, used);
    }
    return own == null ? null : Set.copyOf(used);
  }

  private @Nullable VirtualHost guarded(@Nullable VirtualHost host) {
    return host == null ? null : passed.guarded(policies.guarded(host));
  }

  private static void addUsed(@Nullable VirtualHost host, Set<Upstream> used) {
    if (host != null) {
      for (Route route : host.routes()) {
        used.addAll(route.upstreams());
        Upstream copiedTo = route.copiedTo();
        if (copiedTo != null) {
          used.add(copiedTo);
        }
      }
    }
  }

  private void use(Host host, @Nullable Set<Upstream> before, @Nullable Set<Upstream> now) {
    if (now == null) {
      // Also when nobody names it any more, so that it is not looked at.
      model.virtualHosts().put(HostRouting.key(host), Optional.empty());
      model.virtualHosts().put(HostRouting.key(host.belowAtAnyDepth()), Optional.empty());
    }
    Set<Upstream> gone = before == null ? Set.of() : before;
    Set<Upstream> used = now == null ? Set.of() : now;
    for (Upstream upstream : gone) {
      if (!used.contains(upstream)) {
        uses.remove(upstream.name(), upstream);
      }
    }
    for (Upstream upstream : used) {
      if (!gone.contains(upstream)) {
        uses.add(upstream.name(), upstream);
      }
    }
  }

  private void listen(String name, @Nullable Listener before, @Nullable Listener now) {
    model.listeners().put(name, Optional.ofNullable(now));
    replace(
        before == null ? null : before.passedTo(), now == null ? null : now.passedTo());
  }

  private void pass(Host host, @Nullable Serving before, @Nullable Serving now) {
    replace(before == null ? null : before.passedTo(), now == null ? null : now.passedTo());
  }

  private void replace(@Nullable Upstream gone, @Nullable Upstream used) {
    if (Objects.equals(gone, used)) {
      return;
    }
    if (gone != null) {
      uses.remove(gone.name(), gone);
    }
    if (used != null) {
      uses.add(used.name(), used);
    }
  }

  private void connect(String name, @Nullable Upstream before, @Nullable Upstream now) {
    differentBackends.add(name);
    if (before != null && before.options().tls().secret() != null) {
      ObjectRef secret = before.options().tls().secret();
      Set<String> names = backendsWith.getOrDefault(secret, new TreeSet<>());
      names.remove(name);
      if (names.isEmpty()) {
        backendsWith.remove(secret);
      }
    }
    if (now != null && now.options().tls().secret() != null) {
      backendsWith
          .computeIfAbsent(now.options().tls().secret(), any -> new TreeSet<>())
          .add(name);
    }
    if (before instanceof Upstream.Endpoints gone) {
      endpoints.remove(gone.endpointsName(), gone);
    }
    if (now instanceof Upstream.Endpoints used) {
      endpoints.add(used.endpointsName(), used);
    }
  }

  /** Nothing while its Secret cannot be used: what protects it must not be left away. */
  private Optional<Backend> backend(Upstream upstream) {
    return Optional.ofNullable(annotated.credentials(upstream.options().tls()))
        .map(
            credentials ->
                new Backend(
                    upstream,
                    Inherited.connections(settings.get(), upstream.options()),
                    credentials));
  }

  /** Writes the endpoints of a port; there is nothing to keep of them. */
  private @Nullable Boolean findEndpoints(String name) {
    Upstream.Endpoints upstream = endpoints.first(name);
    if (upstream == null) {
      return null;
    }
    model.endpoints().put(name, Optional.of(services.endpoints(upstream, settings.get())));
    return true;
  }

  private void forget(String name, @Nullable Boolean before, @Nullable Boolean now) {
    if (now == null) {
      model.endpoints().put(name, Optional.empty());
    }
  }

  /** The objects whose verdicts may differ since the last call of {@link #apply}. */
  public NavigableSet<ObjectRef> judged() {
    return judged;
  }

  /** The verdicts of an object as things are; empty for an object that is not known. */
  public List<Verdict> verdicts(ObjectRef ref) {
    List<Verdict> known = known(ref);
    Change.Unreadable fault = unreadable.get(ref);
    return fault == null ? known : IngressVerdicts.ofUnreadable(fault, known);
  }

  private List<Verdict> known(ObjectRef ref) {
    if (!(ref.kind() instanceof KnownKind kind)) {
      return List.of();
    }
    return switch (kind) {
      case INGRESS_CLASS -> classes.verdicts(ref, ours.get());
      case NAMESPACE -> namespaces.verdicts(ref);
      case SERVICE -> {
        Target.ServicePort operators = HostRouting.operators(settings.get());
        yield verdicts.ofService(
            ref, operators != null && operators.service().equals(ref) ? operators : null);
      }
      case INGRESS -> verdicts.ofIngress(ref);
      case SECRET -> verdicts.ofSecret(ref);
      case CONFIG_MAP -> verdicts.ofConfigMap(ref);
      case ENDPOINT_SLICE -> verdicts.ofSlice(ref);
      case ENDPOINTS -> List.of();
    };
  }

  /** How much of an Ingress of ours is in force; nothing of nothing for any other. */
  public InForce inForce(ObjectRef ingress) {
    IngressReading reading = book.reading(ingress);
    return reading == null ? InForce.NOTHING : routing.inForce(reading);
  }

  /** The Ingresses that refer to a Service, Secret or ConfigMap, in order. */
  public List<ObjectRef> users(ObjectRef used) {
    return List.copyOf(book.users(used));
  }

  /** The Service that a backend is of, and who refers to it. */
  public NavigableSet<ObjectRef> originsOfBackend(String name) {
    return withUsers(upstreams.get(name));
  }

  /** The Service that a listener passes on to; empty for those that all hosts share. */
  public NavigableSet<ObjectRef> originsOfListener(String name) {
    ObjectRef service = ports.serviceOf(name);
    return service == null ? new TreeSet<>() : new TreeSet<>(Set.of(service));
  }

  /** The same of endpoints. */
  public NavigableSet<ObjectRef> originsOfEndpoints(String name) {
    return withUsers(endpoints.first(name));
  }

  private NavigableSet<ObjectRef> withUsers(@Nullable Upstream upstream) {
    return upstream == null ? new TreeSet<>() : withUsers(upstream.service());
  }

  private NavigableSet<ObjectRef> withUsers(ObjectRef used) {
    NavigableSet<ObjectRef> refs = new TreeSet<>(book.users(used));
    refs.add(used);
    return refs;
  }

  /** The Secret that a certificate is of, or certificates of authorities, and who refers to it. */
  public NavigableSet<ObjectRef> originsOfCertificate(String name) {
    ObjectRef secret = certificates.served(name);
    if (secret == null && certificates.asks(name)) {
      secret = TlsPolicies.secret(name);
    }
    return secret == null ? new TreeSet<>() : withUsers(secret);
  }

  /** The objects that the routes of a host come from. */
  public NavigableSet<ObjectRef> originsOfHost(VirtualHost.Key key) {
    NavigableSet<ObjectRef> refs = new TreeSet<>();
    VirtualHost host = routing.build(key.host(), settings.get());
    if (host != null) {
      host.routes().stream()
          .map(Route::origin)
          .filter(Objects::nonNull)
          .forEach(origin -> refs.add(origin.object()));
    }
    return refs;
  }

  /** Whether an Ingress of ours says how TLS is spoken for a host, and so is in the listener for HTTPS. */
  public boolean hasTls(ObjectRef ingress) {
    IngressReading reading = book.reading(ingress);
    return reading != null
        && (reading.tls().stream().anyMatch(tls -> !tls.host().isAny())
            || !reading.policy().tls().equals(TlsPolicy.NONE));
  }

  /** Whether an Ingress of ours is in the routes that hosts share. */
  public boolean hasSharedRoutes(ObjectRef ingress) {
    IngressReading reading = book.reading(ingress);
    return reading != null
        && (reading.defaultBackend() != null || reading.hosts().contains(Host.ANY));
  }

  /** When the clock alone changes the outcome next; null when never. */
  public @Nullable Instant recheckAt() {
    return secrets.nextRecheck();
  }

  /** Enters the changes in their order and says what is different in the model. */
  public ModelChange apply(List<Change> changes, Instant now) {
    judged.clear();
    changes.forEach(this::enter);
    judgeDefaultBackend();
    secrets.setTime(now);
    derivation.settle();
    for (Serving serving : certificates.different()) {
      chain(serving);
      differentSecrets.addAll(serving.ofIngresses());
      ClientVerification verification = serving.tls().verification();
      if (verification != null) {
        differentAuthorities.add(verification.authorities());
      }
    }
    if (fresh) {
      inherit();
      fresh = false;
    }
    for (String name : differentBackends) {
      Upstream upstream = upstreams.get(name);
      model.backends().put(name, upstream == null ? Optional.empty() : backend(upstream));
    }
    differentBackends.clear();
    for (ObjectRef secret : differentSecrets) {
      model.certificates().put(secret.path(), certificate(secret));
    }
    differentSecrets.clear();
    for (String name : differentAuthorities) {
      model.authorities().put(name, authorities(name));
    }
    differentAuthorities.clear();
    ModelChange done = model;
    model = ModelChange.none();
    return done;
  }

  /** Enters all that is made of the settings. */
  private void inherit() {
    Settings now = settings.get();
    model.spaces().add(Inherited.space(now));
    model.listeners().putAll(Inherited.listeners(now));
    certificates.servings().forEach(this::chain);
    model
        .certificates()
        .put(Resource.DEFAULT_CERTIFICATE.name(), Optional.of(Inherited.defaultCertificate(now)));
    differentSecrets.addAll(certificates.served());
    differentAuthorities.addAll(certificates.authorities());
    uses.forEach((name, upstream) -> differentBackends.add(name));
  }

  private void chain(Serving serving) {
    Settings now = settings.get();
    TlsChain.Key key =
        serving.passed() == null
            ? new TlsChain.Ended(
                Inherited.HTTPS,
                Certificates.names(serving.secrets()),
                Inherited.tls(now, serving.tls()))
            : new TlsChain.Passed(
                Inherited.HTTPS, serving.passedTo(), serving.passed().addresses());
    SortedSet<Host> hosts = certificates.hosts(serving);
    model
        .chains()
        .put(
            key,
            hosts.isEmpty()
                ? Optional.empty()
                : Optional.of(new TlsChain(key, hosts)));
  }

  /** What a Secret is served with; empty where it serves nobody. */
  private Optional<KeyPair> certificate(ObjectRef secret) {
    if (!certificates.serves(secret)) {
      return Optional.empty();
    }
    return Optional.of(
        switch (secrets.content(secret)) {
          case ServerCertificate.Valid valid -> new KeyPair(valid.chain(), valid.key());
          case ServerCertificate.Invalid _ -> Inherited.defaultCertificate(settings.get());
        });
  }

  private void noteSecret(AnnotatedSecrets.Key secret) {
    switch (secret.purpose()) {
      case USER_FILE, USER_MAP -> {}
      case AUTHORITIES -> differentAuthorities.add(TlsPolicies.resource(secret.secret()));
      case BACKEND_TLS, VERIFIED_BACKEND_TLS ->
          differentBackends.addAll(backendsWith.getOrDefault(secret.secret(), Set.of()));
    }
  }

  /**
   * What is sent by that name; empty where it asks nobody. While a Secret cannot be used its hosts are
   * closed, and what is sent lets nobody pass either.
   */
  private Optional<Authorities> authorities(String name) {
    ObjectRef secret = certificates.asks(name) ? TlsPolicies.secret(name) : null;
    return secret == null
        ? Optional.empty()
        : Optional.of(
            annotated.content(secret, Purpose.AUTHORITIES)
                    instanceof SecretContent.ClientAuthorities(Authorities authorities)
                ? authorities
                : Authorities.NOBODY);
  }

  /** Also one that does not exist has verdicts. */
  private void judgeDefaultBackend() {
    Target.ServicePort backend = HostRouting.operators(settings.get());
    if (backend != null) {
      judged.add(backend.service());
    }
  }

  private void enter(Change change) {
    switch (change) {
      case Change.Configure configure -> configure(configure.settings());
      case Change.Delete delete -> {
        unreadable.remove(delete.object());
        judged.add(delete.object());
        remove(delete.object());
      }
      case Change.Unreadable fault -> {
        ObjectRef ref = fault.object();
        unreadable.put(ref, fault);
        judged.add(ref);
        if (ref.kind() == KnownKind.SECRET) {
          secrets.refuse(ref, fault.message(), fault.fix());
        }
        if (ref.kind() == KnownKind.CONFIG_MAP) {
          configMaps.refuse(ref, fault.message(), fault.fix());
        }
      }
      case Change.Upsert upsert -> {
        unreadable.remove(upsert.object().ref());
        judged.add(upsert.object().ref());
        put(upsert.object());
      }
    }
  }

  private void put(ClusterObject object) {
    switch (object) {
      case IngressRecord ingress -> book.ingresses().put(ingress.ref(), ingress);
      case IngressClassRecord ingressClass -> {
        classes.put(ingressClass);
        edition.set(edition.get() + 1);
      }
      case NamespaceRecord namespace -> namespaces.put(namespace);
      case ServiceRecord service -> services.put(service);
      case EndpointSliceRecord slice -> services.put(slice);
      case SecretRecord secret -> secrets.put(secret);
      case ConfigMapRecord configMap -> configMaps.put(configMap);
    }
  }

  private void remove(ObjectRef ref) {
    if (!(ref.kind() instanceof KnownKind kind)) {
      return;
    }
    switch (kind) {
      case INGRESS -> book.ingresses().put(ref, null);
      case INGRESS_CLASS -> {
        classes.remove(ref);
        edition.set(edition.get() + 1);
      }
      case NAMESPACE -> namespaces.remove(ref);
      case SERVICE -> services.removeService(ref);
      case ENDPOINT_SLICE -> services.removeSlice(ref);
      case SECRET -> secrets.remove(ref);
      case CONFIG_MAP -> configMaps.remove(ref);
      case ENDPOINTS -> {}
    }
  }

  private void configure(Settings other) {
    judgeDefaultBackend();
    fresh |= !other.equals(settings.get());
    settings.set(other);
    ours.set(other.ingress().classes());
    paths.set(other.http().paths());
    tracing.set(Optional.ofNullable(other.tracing()));
    mode.set(other.ingress().tenancy().hosts());
    grants.configure(other.ingress().tenancy().grants());
    ports.configure(other.listeners().ports());
    judged.addAll(classes.refs());
  }
}
