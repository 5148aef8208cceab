package io.isoline.translator.ingress;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.Settings.Tenancy;
import io.isoline.translator.Verdict;
import io.isoline.translator.backend.Services;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.derive.Facts;
import io.isoline.translator.derive.Value;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.kube.ClusterObject;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressClassRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.KnownKind;
import io.isoline.translator.kube.NamespaceRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.ModelChange;
import io.isoline.translator.model.Route;
import io.isoline.translator.model.Upstream;
import io.isoline.translator.model.VirtualHost;
import io.isoline.translator.tls.Secrets;
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
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the model in step with the objects, a batch of changes at a time.
 *
 * <p>Changes are entered as facts. Everything else is rows of a {@link Derivation}, in stages: what
 * each Namespace gives and each Ingress asks, who owns each host, its certificates, its routes, the
 * upstreams that these lead to, the endpoints of each, and verdicts. So the result depends on what is
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
      Comparator.comparing(Upstream::protocol)
          .thenComparing(upstream -> upstream instanceof Upstream.Dns)
          .thenComparing(
              upstream ->
                  switch (upstream) {
                    case Upstream.Endpoints endpoints -> endpoints.portName();
                    case Upstream.Dns dns -> dns.dnsName();
                  });

  private final Derivation derivation = new Derivation();
  private final Value<Settings> settings;
  private final Value<Settings.Classes> ours;
  private final Value<Settings.Paths> paths;
  private final Value<Tenancy.Hosts> mode;

  /** Counts the changes of {@link #classes}: whoever reads these reads all of them. */
  private final Value<Integer> edition;

  private final IngressClasses classes = new IngressClasses();
  private final Services services;
  private final Namespaces namespaces;
  private final IngressBook book;
  private final HostGrants grants;
  private final Secrets secrets;
  private final Certificates certificates;
  private final HostRouting routing;

  /** By name, the upstream of each host that leads to it. */
  private final Facts<String, Upstream> uses;

  private final Derived<String, Upstream> upstreams;
  private final IngressVerdicts verdicts;
  private final Map<ObjectRef, Change.Unreadable> unreadable = new HashMap<>();

  // Trees: a hash table keeps the size of its fullest day, and is walked whole for one element.
  private final NavigableSet<ObjectRef> judged = new TreeSet<>();
  private final Set<ObjectRef> differentSecrets = new TreeSet<>();

  /** What is different since the last call of {@link #apply}: rules fill it. */
  private ModelChange model = ModelChange.none();

  public IngressTranslation(Settings first) {
    settings = derivation.value(first);
    ours = derivation.value(first.classes());
    paths = derivation.value(first.paths());
    mode = derivation.value(first.tenancy().hosts());
    edition = derivation.value(0);
    services = new Services(derivation);
    namespaces = new Namespaces(derivation, this::give);
    book = new IngressBook(derivation, this::read);
    grants = new HostGrants(derivation, book.hosts());
    HostOwners owners = new HostOwners(derivation, book, grants, mode);
    secrets = new Secrets(derivation, book.usersOfSecrets(), differentSecrets::add);
    certificates = new Certificates(derivation, book, owners, secrets);
    routing = new HostRouting(derivation, book, owners, certificates, services);
    derivation.<Host, Set<Upstream>>derived(book.hosts(), this::route).tell(this::use);
    uses = derivation.facts(SAME_TOGETHER);
    upstreams =
        derivation
            .<String, Upstream>derived(uses, name -> uses.first(name))
            .tell(
                (name, before, after) -> model.upstreams().put(name, Optional.ofNullable(after)));
    derivation.derived(uses, this::findEndpoints);
    Derived<ObjectRef, Services.Gaps> gaps =
        derivation.derived(
            book.usersOfServices(), service -> services.gaps(service, settings.get()));
    verdicts =
        new IngressVerdicts(
            derivation,
            book,
            owners,
            routing,
            certificates,
            services,
            secrets,
            gaps,
            settings,
            judged::add);
    grants.configure(first.tenancy().grants());
  }

  private void give(String namespace, @Nullable GrantReading before, @Nullable GrantReading now) {
    grants.annotate(
        namespace,
        before == null ? Set.of() : before.hosts(),
        now == null ? Set.of() : now.hosts());
  }

  private ReadIngress read(IngressRecord ingress) {
    edition.get();
    Verdict refusal = classes.refusal(ingress, ours.get());
    return refusal != null
        ? new ReadIngress.OfAnotherClass(refusal)
        : IngressReader.read(
            ingress, namespaces.isTerminating(ingress.ref().namespace()), paths.get());
  }

  /** Writes the routes of a host, and returns what they lead to. */
  private @Nullable Set<Upstream> route(Host host) {
    VirtualHost virtualHost = routing.build(host, settings.get());
    model.virtualHosts().put(host, Optional.ofNullable(virtualHost));
    if (virtualHost == null) {
      return null;
    }
    Set<Upstream> used = new HashSet<>();
    virtualHost.routes().forEach(route -> used.addAll(route.upstreams()));
    Objects.requireNonNullElse(virtualHost.below(), List.<Route>of())
        .forEach(route -> used.addAll(route.upstreams()));
    return Set.copyOf(used);
  }

  private void use(Host host, @Nullable Set<Upstream> before, @Nullable Set<Upstream> now) {
    if (now == null) {
      // Also when nobody names it any more, so that it is not looked at.
      model.virtualHosts().put(host, Optional.empty());
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

  /** Writes the endpoints of an upstream, and has no value. */
  private @Nullable Void findEndpoints(String name) {
    if (upstreams.get(name) instanceof Upstream.Endpoints upstream) {
      model.endpoints().put(name, services.endpoints(upstream, settings.get()));
    }
    return null;
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
        yield operators != null && operators.service().equals(ref)
            ? verdicts.ofOperators(operators)
            : verdicts.ofService(ref);
      }
      case INGRESS -> verdicts.ofIngress(ref);
      case SECRET -> verdicts.ofSecret(ref);
      case ENDPOINT_SLICE -> verdicts.ofSlice(ref);
      case ENDPOINTS -> List.of();
    };
  }

  /** How much of an Ingress of ours is in force; nothing of nothing for any other. */
  public InForce inForce(ObjectRef ingress) {
    IngressReading reading = book.reading(ingress);
    return reading == null ? InForce.NOTHING : routing.inForce(reading);
  }

  /** The Ingresses that refer to a Service or Secret, in order. */
  public List<ObjectRef> users(ObjectRef used) {
    return List.copyOf(book.users(used));
  }

  /** The Ingresses that name a host. */
  public NavigableSet<ObjectRef> claimants(Host host) {
    NavigableSet<ObjectRef> refs = new TreeSet<>();
    book.of(host).forEach(reading -> refs.add(reading.ref()));
    return refs;
  }

  /** Whether an Ingress of ours names a Secret for a host, and so is in the listener for HTTPS. */
  public boolean hasTls(ObjectRef ingress) {
    IngressReading reading = book.reading(ingress);
    return reading != null && reading.tls().stream().anyMatch(tls -> !tls.host().isAny());
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
    judgeDefaultBackend();
    changes.forEach(this::enter);
    judgeDefaultBackend();
    secrets.setTime(now);
    derivation.settle();
    for (List<ObjectRef> serving : certificates.different()) {
      model
          .terminations()
          .put(
              Certificates.names(serving),
              Optional.ofNullable(certificates.termination(serving)));
      differentSecrets.addAll(Certificates.ofIngresses(serving));
    }
    for (ObjectRef secret : differentSecrets) {
      model
          .secrets()
          .put(
              secret.path(),
              certificates.serves(secret)
                  ? Optional.of(secrets.content(secret))
                  : Optional.empty());
    }
    differentSecrets.clear();
    if (changes.stream().anyMatch(change -> change instanceof Change.Configure)) {
      // Other settings make other clusters of the same upstreams.
      uses.forEach((name, upstream) -> model.upstreams().put(name, Optional.of(upstream)));
    }
    ModelChange done = model;
    model = ModelChange.none();
    return done;
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
      case ENDPOINTS -> {}
    }
  }

  private void configure(Settings other) {
    judgeDefaultBackend();
    settings.set(other);
    ours.set(other.classes());
    paths.set(other.paths());
    mode.set(other.tenancy().hosts());
    grants.configure(other.tenancy().grants());
    judged.addAll(classes.refs());
  }
}
