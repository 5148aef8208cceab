package io.isoline.translator.ingress;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.Verdict;
import io.isoline.translator.backend.Services;
import io.isoline.translator.ingress.IngressReading.Target;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
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
 * <p>A batch goes through three steps. First every change is entered into the books, and what it
 * touches is marked: hosts, names under TLS, Secrets, upstreams, and objects whose verdict may
 * differ. Then what is marked, and nothing else, is made anew from the books. So the result depends
 * on what the books hold and not on the order in which they were filled. Last, the verdicts of the
 * marked objects are read off.
 *
 * <p>Owned by one thread.
 */
public final class IngressTranslation {

  private final IngressClasses classes = new IngressClasses();
  private final NavigableMap<ObjectRef, IngressRecord> ingresses = new TreeMap<>();
  private final IngressBook book = new IngressBook();
  private final HostGrants grants = new HostGrants();
  private final Namespaces namespaces = new Namespaces(grants);
  private final Services services = new Services();
  private final Secrets secrets = new Secrets();
  private final UpstreamBook upstreams = new UpstreamBook();
  private final HostOwners owners;
  private final Certificates certificates;
  private final HostRouting routing;
  private final IngressVerdicts verdicts;

  private final Map<ObjectRef, Change.Unreadable> unreadable = new HashMap<>();

  /** Of the Services that are used, what verdicts tell of. */
  private final Map<ObjectRef, Services.Gaps> gaps = new HashMap<>();

  // Trees: a hash table keeps the size of its fullest day, and is walked whole for one element.
  private final Set<Host> dirtyHosts = new TreeSet<>();
  private final HostTree dirtyTlsHosts = new HostTree();
  private final Set<Host> dirtyGrants = new TreeSet<>();
  private final Set<ObjectRef> dirtySecrets = new TreeSet<>();
  private final Set<ObjectRef> dirtyServices = new TreeSet<>();
  private final Set<ObjectRef> dirtyEndpoints = new TreeSet<>();
  private final NavigableSet<ObjectRef> dirtyVerdicts = new TreeSet<>();

  /** Of each namespace that a batch touches: whose default backend its hosts had. */
  private final Map<String, Optional<IngressReading>> plainDefaultsBefore = new TreeMap<>();

  private Settings settings;

  public IngressTranslation(Settings settings) {
    this.settings = settings;
    grants.configure(settings.tenancy().grants());
    owners = new HostOwners(grants, settings.tenancy().hosts());
    certificates = new Certificates(owners);
    routing = new HostRouting(book, owners, certificates, services);
    verdicts = new IngressVerdicts(book, owners, routing, certificates, services, secrets);
    touchAllHosts();
  }

  /** The objects whose verdicts may differ since the last call of {@link #apply}. */
  public NavigableSet<ObjectRef> judged() {
    return dirtyVerdicts;
  }

  /** The verdicts of an object as things are; empty for an object that is not known. */
  public List<Verdict> verdicts(ObjectRef ref, Instant now) {
    List<Verdict> known = known(ref, now);
    Change.Unreadable fault = unreadable.get(ref);
    return fault == null ? known : IngressVerdicts.ofUnreadable(fault, known);
  }

  private List<Verdict> known(ObjectRef ref, Instant now) {
    IngressRecord ingress = ingresses.get(ref);
    if (ingress != null) {
      Verdict refusal = classes.refusal(ingress, settings.classes());
      return refusal != null ? List.of(refusal) : verdicts.ofIngress(ingress, settings, now);
    }
    if (!(ref.kind() instanceof KnownKind kind)) {
      return List.of();
    }
    return switch (kind) {
      case INGRESS_CLASS -> classes.verdicts(ref, settings.classes());
      case NAMESPACE -> namespaces.verdicts(ref);
      case SERVICE -> verdicts.ofService(ref, settings);
      case SECRET -> verdicts.ofSecret(ref, now);
      case ENDPOINT_SLICE -> services.verdicts(ref, settings);
      case INGRESS, ENDPOINTS -> List.of();
    };
  }

  /** How much of an Ingress of ours is in force; nothing of nothing for any other. */
  public InForce inForce(ObjectRef ingress) {
    IngressReading reading = book.reading(ingress);
    return reading == null ? InForce.NOTHING : routing.inForce(reading);
  }

  /** The Ingresses that refer to a Service or Secret. */
  public SortedSet<ObjectRef> users(ObjectRef used) {
    return book.users(used);
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
        && (reading.defaultBackend() != null
            || reading.hosts().contains(Host.ANY));
  }

  /** When the clock alone changes the outcome next; null when never. */
  public @Nullable Instant recheckAt() {
    return secrets.nextRecheck();
  }

  /** Enters the changes in their order and says what is different in the model. */
  public ModelChange apply(List<Change> changes, Instant now) {
    dirtyVerdicts.clear();
    touchDefaultBackend(settings);
    IngressReading classWideBefore = routing.classWideDefault();
    for (Change change : changes) {
      enter(change);
    }
    dirtySecrets.addAll(secrets.expire(now));
    touchGrants();
    decideOwners();
    // Only now, as who uses a Service is what the books say after the whole batch.
    dirtyServices.forEach(this::serviceChanged);
    dirtyServices.clear();
    classWideDefaultChanged(classWideBefore, routing.classWideDefault());
    plainDefaultsChanged();
    ModelChange model = ModelChange.none();
    buildTls(model, now);
    buildHosts(model);
    buildEndpoints(model);
    for (ObjectRef ref : dirtyVerdicts) {
      if (ref.kind() == KnownKind.SECRET && !book.isUsed(ref)) {
        secrets.release(ref);
      }
    }
    return model;
  }

  private void enter(Change change) {
    switch (change) {
      case Change.Configure configure -> configure(configure.settings());
      case Change.Delete delete -> remove(delete.object());
      case Change.Unreadable fault -> {
        ObjectRef ref = fault.object();
        unreadable.put(ref, fault);
        dirtyVerdicts.add(ref);
        if (ref.kind() == KnownKind.SECRET) {
          secrets.refuse(ref, fault.message(), fault.fix());
          dirtySecrets.add(ref);
        }
      }
      case Change.Upsert upsert -> {
        ObjectRef ref = upsert.object().ref();
        unreadable.remove(ref);
        dirtyVerdicts.add(ref);
        switch (upsert.object()) {
          case IngressRecord ingress -> {
            ingresses.put(ref, ingress);
            readAgain(ingress);
          }
          case IngressClassRecord ingressClass -> {
            classes.put(ingressClass);
            classesChanged();
          }
          case NamespaceRecord namespace -> {
            boolean before = namespaces.isTerminating(ref.name());
            dirtyGrants.addAll(namespaces.put(namespace));
            if (before != namespace.terminating()) {
              readAgainAllOf(ref.name());
            }
          }
          case ServiceRecord service -> {
            ServiceRecord before = services.put(service).orElse(null);
            if (!service.equals(before)) {
              dirtyServices.add(ref);
            }
          }
          case EndpointSliceRecord slice -> services.put(slice).forEach(dirtyEndpoints::add);
          case SecretRecord secret -> {
            secrets.put(secret);
            dirtySecrets.add(ref);
          }
        }
      }
    }
  }

  private void configure(Settings other) {
    if (settings.allowLoopbackEndpoints() != other.allowLoopbackEndpoints()) {
      dirtyVerdicts.addAll(services.slices());
    }
    touchDefaultBackend(other);
    boolean otherOwners = !settings.tenancy().hosts().equals(other.tenancy().hosts());
    boolean otherPaths = !settings.paths().equals(other.paths());
    settings = other;
    if (otherPaths) {
      List.copyOf(ingresses.values()).forEach(this::readAgain);
      dirtyVerdicts.addAll(ingresses.keySet());
    }
    dirtyGrants.addAll(grants.configure(other.tenancy().grants()));
    owners.configure(other.tenancy().hosts());
    classesChanged();
    touchAllHosts();
    if (otherOwners) {
      dirtyTlsHosts.addAll(certificates.named());
      dirtyTlsHosts.addAll(book.hosts());
    }
    upstreams.refresh();
    dirtyVerdicts.addAll(classes.refs());
    book.withDefault().forEach(this::touchVerdicts);
  }

  private void touchDefaultBackend(Settings some) {
    Target.ServicePort backend = HostRouting.operators(some);
    if (backend != null) {
      dirtyVerdicts.add(backend.service());
    }
  }

  private void remove(ObjectRef ref) {
    unreadable.remove(ref);
    dirtyVerdicts.add(ref);
    if (!(ref.kind() instanceof KnownKind kind)) {
      return;
    }
    switch (kind) {
      case INGRESS -> {
        ingresses.remove(ref);
        forget(ref);
      }
      case INGRESS_CLASS -> {
        classes.remove(ref);
        classesChanged();
      }
      case NAMESPACE -> {
        boolean before = namespaces.isTerminating(ref.name());
        dirtyGrants.addAll(namespaces.remove(ref));
        if (before) {
          readAgainAllOf(ref.name());
        }
      }
      case SERVICE -> {
        services.removeService(ref);
        dirtyServices.add(ref);
      }
      case ENDPOINT_SLICE -> services.removeSlice(ref).forEach(dirtyEndpoints::add);
      case SECRET -> {
        secrets.remove(ref);
        dirtySecrets.add(ref);
      }
      case ENDPOINTS -> {}
    }
  }

  private void readAgain(IngressRecord ingress) {
    forget(ingress.ref());
    if (classes.refusal(ingress, settings.classes()) == null) {
      IngressReading reading =
          IngressReader.read(
              ingress,
              namespaces.isTerminating(ingress.ref().namespace()),
              settings.paths());
      rememberPlainDefault(reading.namespace());
      book.add(reading);
      certificates.add(reading);
      touch(reading);
    }
  }

  private void readAgainAllOf(String namespace) {
    ObjectRef from = ObjectRef.ingress(namespace, "");
    for (IngressRecord ingress :
        ingresses.subMap(from, ObjectRef.ingress(namespace + '\0', "")).values()) {
      dirtyVerdicts.add(ingress.ref());
      readAgain(ingress);
    }
  }

  private void forget(ObjectRef ingress) {
    rememberPlainDefault(ingress.namespace());
    IngressReading before = book.remove(ingress);
    if (before != null) {
      certificates.remove(before);
      touch(before);
    }
  }

  private void rememberPlainDefault(String namespace) {
    plainDefaultsBefore.computeIfAbsent(
        namespace, any -> Optional.ofNullable(routing.plainDefault(any)));
  }

  private void touch(IngressReading reading) {
    touchHosts(reading);
    reading.tls().forEach(tls -> dirtyTlsHosts.add(tls.host()));
    // Whether they are used at all is in the verdicts of what it refers to.
    dirtyVerdicts.addAll(reading.references());
  }

  /** Those whose requests an Ingress may get, but for default backends of others than it names. */
  private void touchHosts(IngressReading reading) {
    dirtyHosts.addAll(reading.hosts());
    if (reading.defaultBackend() != null || reading.hosts().contains(Host.ANY)) {
      // They get what their namespaces say of hosts that nobody names.
      dirtyHosts.addAll(grants.of(reading.namespace()));
    }
  }

  private void classesChanged() {
    for (IngressRecord ingress : ingresses.values()) {
      boolean ours = classes.refusal(ingress, settings.classes()) == null;
      dirtyVerdicts.add(ingress.ref());
      if (ours != (book.reading(ingress.ref()) != null)) {
        readAgain(ingress);
      }
    }
  }

  private void serviceChanged(ObjectRef service) {
    dirtyEndpoints.add(service);
    dirtyVerdicts.addAll(services.slicesOf(service));
    Target.ServicePort operators = HostRouting.operators(settings);
    if (operators != null && operators.service().equals(service)) {
      touchAllHosts();
    }
    IngressReading classWide = routing.classWideDefault();
    for (ObjectRef user : book.naming(service)) {
      IngressReading reading = book.reading(user);
      if (reading != null) {
        dirtyVerdicts.add(user);
        touchHosts(reading);
        if (is(reading, classWide)) {
          dirtyHosts.add(Host.ANY);
        }
        if (is(reading, routing.plainDefault(reading.namespace()))) {
          dirtyHosts.addAll(owners.hostsOf(reading.namespace()));
        }
      }
    }
  }

  /** Has all looked at for which other namespaces may have it. */
  private void touchGrants() {
    for (Host given : dirtyGrants) {
      touchGrant(given);
      if (given.isWildcard()) {
        List.of(book.below(given), certificates.below(given), grants.below(given))
            .forEach(hosts -> hosts.forEach(this::touchGrant));
      }
      if (given.isAny()) {
        dirtyHosts.addAll(grants.all());
        book.withDefault().forEach(this::touchVerdicts);
      }
    }
    dirtyGrants.clear();
  }

  private void touchGrant(Host host) {
    dirtyHosts.add(host);
    dirtyTlsHosts.add(host);
  }

  private void decideOwners() {
    List<Host> others = new ArrayList<>();
    for (Host host : dirtyHosts) {
      if (!host.isAny() && owners.assign(host, book.of(host))) {
        others.add(host);
      }
    }
    for (Host host : others) {
      dirtyTlsHosts.add(host);
      if (host.isWildcard()) {
        dirtyTlsHosts.addAll(certificates.below(host));
        dirtyTlsHosts.addAll(grants.below(host));
      }
    }
    for (Host host : List.copyOf(dirtyHosts)) {
      if (host.isWildcard()) {
        dirtyHosts.addAll(grants.below(host));
      }
    }
    List<IngressReading> ofAny = new ArrayList<>(book.of(Host.ANY));
    ofAny.addAll(book.withDefault());
    if (owners.assign(Host.ANY, ofAny)) {
      dirtyHosts.add(Host.ANY);
      // Hosts that are given and not named get of it what their namespaces have.
      dirtyHosts.addAll(grants.all());
      book.withDefault().forEach(this::touchVerdicts);
    }
  }

  private void classWideDefaultChanged(
      @Nullable IngressReading before, @Nullable IngressReading after) {
    if (!Objects.equals(before, after)) {
      touchVerdicts(before);
      for (IngressReading other : book.withDefault()) {
        if (other.hosts().isEmpty() || other.equals(after)) {
          dirtyVerdicts.add(other.ref());
        }
      }
    }
    if (!sameDefault(before, after)) {
      dirtyHosts.add(Host.ANY);
    }
  }

  private void plainDefaultsChanged() {
    plainDefaultsBefore.forEach(
        (namespace, reading) -> {
          IngressReading before = reading.orElse(null);
          IngressReading after = routing.plainDefault(namespace);
          if (!Objects.equals(before, after)) {
            book.plainDefaults(namespace).forEach(this::touchVerdicts);
          }
          if (!sameDefault(before, after)) {
            dirtyHosts.addAll(owners.hostsOf(namespace));
          }
        });
    plainDefaultsBefore.clear();
  }

  private static boolean is(IngressReading reading, @Nullable IngressReading other) {
    return other != null && other.ref().equals(reading.ref());
  }

  private static boolean sameDefault(@Nullable IngressReading a, @Nullable IngressReading b) {
    if (a == null || b == null) {
      return a == null && b == null;
    }
    return is(a, b) && Objects.equals(a.defaultBackend(), b.defaultBackend());
  }

  private void touchAllHosts() {
    dirtyHosts.addAll(book.hosts());
    dirtyHosts.addAll(grants.all());
    dirtyHosts.add(Host.ANY);
  }

  private void touchVerdicts(@Nullable IngressReading reading) {
    if (reading != null) {
      dirtyVerdicts.add(reading.ref());
    }
  }

  private void buildTls(ModelChange model, Instant now) {
    for (ObjectRef secret : dirtySecrets) {
      dirtyVerdicts.add(secret);
      if (secrets.isAlike(secret, now)) {
        continue; // Renewed: thousands of hosts may have it.
      }
      for (ObjectRef user : book.naming(secret)) {
        dirtyVerdicts.add(user);
        IngressReading reading = book.reading(user);
        if (reading != null) {
          reading.tls().forEach(tls -> dirtyTlsHosts.add(tls.host()));
        }
      }
    }
    Set<ObjectRef> touched = new HashSet<>(dirtySecrets);
    // Those below a wildcard come after it.
    for (Host host = dirtyTlsHosts.poll(); host != null; host = dirtyTlsHosts.poll()) {
      boolean others = certificates.look(host, secret -> secrets.read(secret, now));
      for (List<ObjectRef> concerned : certificates.assign(host)) {
        others = true;
        touched.addAll(Certificates.ofIngresses(concerned));
        model
            .terminations()
            .put(
                Certificates.names(concerned),
                Optional.ofNullable(certificates.termination(concerned)));
      }
      certificates.claimants(host).forEach(dirtyVerdicts::add);
      touchHostsOfTls(host, others);
      if (others && host.isWildcard()) {
        dirtyTlsHosts.addAll(book.below(host));
        dirtyTlsHosts.addAll(grants.below(host));
      }
    }
    for (ObjectRef secret : touched) {
      model
          .secrets()
          .put(
              secret.path(),
              certificates.serves(secret)
                  ? Optional.of(secrets.read(secret, now))
                  : Optional.empty());
    }
    secrets.settled();
    dirtySecrets.clear();
  }

  /** Hosts differ by whether they have a certificate only where somebody asks for that. */
  private void touchHostsOfTls(Host host, boolean andBelow) {
    if (!settings.redirectToHttps()
        && settings.hsts() == null
        && !book.anyRedirectsWithCertificate()) {
      return;
    }
    dirtyHosts.add(host);
    if (host.isWildcard() && andBelow) {
      dirtyHosts.addAll(book.below(host));
      dirtyHosts.addAll(grants.below(host));
    }
  }

  private void buildHosts(ModelChange model) {
    for (Host host : dirtyHosts) {
      book.of(host).forEach(this::touchVerdicts);
      routing.merge(host);
    }
    for (Host host : dirtyHosts) {
      VirtualHost virtualHost = routing.build(host, settings);
      model.virtualHosts().put(host, Optional.ofNullable(virtualHost));
      upstreams.use(host, used(virtualHost));
    }
    dirtyHosts.clear();
    upstreams.drain(model.upstreams());
    for (Optional<Upstream> changed : model.upstreams().values()) {
      changed.ifPresent(upstream -> dirtyEndpoints.add(upstream.service()));
    }
  }

  private static Set<Upstream> used(@Nullable VirtualHost virtualHost) {
    Set<Upstream> used = new HashSet<>();
    if (virtualHost != null) {
      virtualHost.routes().forEach(route -> used.addAll(route.upstreams()));
      Objects.requireNonNullElse(virtualHost.below(), List.<Route>of())
          .forEach(route -> used.addAll(route.upstreams()));
    }
    return used;
  }

  private void buildEndpoints(ModelChange model) {
    for (ObjectRef service : dirtyEndpoints) {
      for (Upstream upstream : upstreams.of(service)) {
        if (upstream instanceof Upstream.Endpoints withEndpoints) {
          model.endpoints().put(upstream.name(), services.endpoints(withEndpoints, settings));
        }
      }
      SortedSet<ObjectRef> users = book.naming(service);
      if (users.isEmpty()) {
        gaps.remove(service);
      } else {
        Services.Gaps now = services.gaps(service, settings);
        if (!now.equals(gaps.put(service, now))) {
          dirtyVerdicts.addAll(users);
        }
      }
    }
    dirtyEndpoints.clear();
  }
}
