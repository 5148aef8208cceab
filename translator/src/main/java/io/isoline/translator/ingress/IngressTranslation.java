package io.isoline.translator.ingress;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.Verdict;
import io.isoline.translator.backend.Resolution;
import io.isoline.translator.backend.Services;
import io.isoline.translator.ingress.HostMerge.Winner;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressClassRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.ModelChange;
import io.isoline.translator.model.PathMatch;
import io.isoline.translator.model.Route;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.model.Upstream;
import io.isoline.translator.model.VirtualHost;
import io.isoline.translator.tls.Secrets;
import io.isoline.translator.tls.ServerCertificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
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
  private final Map<ObjectRef, IngressRecord> ingresses = new HashMap<>();
  private final IngressBook book = new IngressBook();
  private final Certificates certificates = new Certificates();
  private final Services services = new Services();
  private final Secrets secrets = new Secrets();
  private final Map<Host, HostMerge> merges = new HashMap<>();
  private final UpstreamBook upstreams = new UpstreamBook();

  private final Map<ObjectRef, Change.Unreadable> unreadable = new HashMap<>();

  /** Of the Services that are used: the ports without endpoints, which verdicts tell of. */
  private final Map<ObjectRef, Set<Integer>> withoutEndpoints = new HashMap<>();

  private final IngressVerdicts verdicts =
      new IngressVerdicts(book, merges, certificates, services, secrets);

  // Trees: a hash table keeps the size of its fullest day, and is walked whole for one element.
  private final Set<Host> dirtyHosts = new TreeSet<>();
  private final Set<Host> dirtyTlsHosts = new TreeSet<>();
  private final Set<ObjectRef> dirtySecrets = new TreeSet<>();
  private final Set<ObjectRef> dirtyServices = new TreeSet<>();
  private final Set<ObjectRef> dirtyEndpoints = new TreeSet<>();
  private final NavigableSet<ObjectRef> dirtyVerdicts = new TreeSet<>();

  private Settings settings;

  public IngressTranslation(Settings settings) {
    this.settings = settings;
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
      return refusal != null ? List.of(refusal) : verdicts.ofIngress(ref, settings, now);
    }
    return switch (ref.kind()) {
      case "IngressClass" -> classes.verdicts(ref, settings.classes());
      case "Service" -> verdicts.ofService(ref);
      case "Secret" -> verdicts.ofSecret(ref, now);
      case "EndpointSlice" -> services.verdicts(ref, settings);
      default -> List.of();
    };
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
    return reading != null && !reading.tls().isEmpty();
  }

  /** Whether an Ingress of ours is in the routes that hosts share. */
  public boolean hasSharedRoutes(ObjectRef ingress) {
    IngressReading reading = book.reading(ingress);
    return reading != null
        && (reading.defaultBackend() != null
            || reading.hosts().stream().anyMatch(host -> host.isAny() || host.isWildcard()));
  }

  /** When the clock alone changes the outcome next; null when never. */
  public @Nullable Instant recheckAt() {
    return secrets.nextRecheck();
  }

  /** Enters the changes in their order and says what is different in the model. */
  public ModelChange apply(List<Change> changes, Instant now) {
    dirtyVerdicts.clear();
    IngressReading defaultBefore = book.classWideDefault();
    for (Change change : changes) {
      enter(change);
    }
    dirtySecrets.addAll(secrets.expire(now));
    // Only now, as who uses a Service is what the books say after the whole batch.
    dirtyServices.forEach(this::serviceChanged);
    dirtyServices.clear();
    defaultChanged(defaultBefore, book.classWideDefault());
    ModelChange model = ModelChange.none();
    buildTls(model, now);
    buildHosts(model);
    buildEndpoints(model);
    for (ObjectRef ref : dirtyVerdicts) {
      if (ref.kind().equals("Secret") && book.users(ref).isEmpty()) {
        secrets.release(ref);
      }
    }
    return model;
  }

  private void enter(Change change) {
    switch (change) {
      case Change.Configure configure -> {
        boolean loopback = settings.allowLoopbackEndpoints();
        settings = configure.settings();
        if (loopback != settings.allowLoopbackEndpoints()) {
          dirtyVerdicts.addAll(services.slices());
        }
        classesChanged();
        touchAllHosts();
        upstreams.refresh();
        dirtyVerdicts.addAll(classes.refs());
      }
      case Change.Delete delete -> remove(delete.object());
      case Change.Unreadable fault -> {
        ObjectRef ref = fault.object();
        unreadable.put(ref, fault);
        dirtyVerdicts.add(ref);
        if (ref.kind().equals("Secret")) {
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

  private void remove(ObjectRef ref) {
    unreadable.remove(ref);
    dirtyVerdicts.add(ref);
    switch (ref.kind()) {
      case "Ingress" -> {
        ingresses.remove(ref);
        forget(ref);
      }
      case "IngressClass" -> {
        classes.remove(ref);
        classesChanged();
      }
      case "Service" -> {
        services.removeService(ref);
        dirtyServices.add(ref);
      }
      case "EndpointSlice" -> services.removeSlice(ref).forEach(dirtyEndpoints::add);
      case "Secret" -> {
        secrets.remove(ref);
        dirtySecrets.add(ref);
      }
      default -> {}
    }
  }

  private void readAgain(IngressRecord ingress) {
    forget(ingress.ref());
    if (classes.refusal(ingress, settings.classes()) == null) {
      IngressReading reading = IngressReader.read(ingress);
      book.add(reading);
      certificates.add(reading);
      touch(reading);
    }
  }

  private void forget(ObjectRef ingress) {
    IngressReading before = book.remove(ingress);
    if (before != null) {
      certificates.remove(before);
      touch(before);
    }
  }

  private void touch(IngressReading reading) {
    dirtyHosts.addAll(reading.hosts());
    reading.tls().forEach(tls -> dirtyTlsHosts.add(tls.host()));
    // Whether they are used at all is in the verdicts of what it refers to.
    dirtyVerdicts.addAll(IngressBook.references(reading));
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
    for (ObjectRef user : book.users(service)) {
      IngressReading reading = book.reading(user);
      if (reading != null) {
        dirtyVerdicts.add(user);
        dirtyHosts.addAll(reading.hosts());
        if (reading.equals(book.classWideDefault())) {
          touchAllHosts();
        }
      }
    }
  }

  private void defaultChanged(
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
      // Envoy looks for a host once, so every host carries the route to the default backend.
      touchAllHosts();
    }
  }

  private static boolean sameDefault(@Nullable IngressReading a, @Nullable IngressReading b) {
    if (a == null || b == null) {
      return a == null && b == null;
    }
    return a.ref().equals(b.ref()) && Objects.equals(a.defaultBackend(), b.defaultBackend());
  }

  private void touchAllHosts() {
    dirtyHosts.addAll(book.hosts());
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
      for (ObjectRef user : book.users(secret)) {
        dirtyVerdicts.add(user);
        IngressReading reading = book.reading(user);
        if (reading != null) {
          reading.tls().forEach(tls -> dirtyTlsHosts.add(tls.host()));
        }
      }
    }
    Set<ObjectRef> touched = new HashSet<>(dirtySecrets);
    for (Host host : dirtyTlsHosts) {
      for (List<ObjectRef> concerned :
          certificates.assign(host, secret -> secrets.read(secret, now))) {
        touched.addAll(concerned);
        model
            .terminations()
            .put(
                Certificates.names(concerned),
                Optional.ofNullable(certificates.termination(concerned)));
      }
      certificates.claimants(host).forEach(dirtyVerdicts::add);
      touchHostsBelow(host);
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
    dirtyTlsHosts.clear();
  }

  /** Hosts differ by whether they have a certificate only where the settings say so. */
  private void touchHostsBelow(Host tlsHost) {
    if (!settings.redirectToHttps() && settings.hsts() == null) {
      return;
    }
    if (!tlsHost.isWildcard()) {
      dirtyHosts.add(tlsHost);
      return;
    }
    for (Host host : book.hosts()) {
      if (host.equals(tlsHost) || host.parentWildcard().equals(tlsHost)) {
        dirtyHosts.add(host);
      }
    }
  }

  private void buildHosts(ModelChange model) {
    if (dirtyHosts.contains(Host.ANY)) {
      // A name with more labels than a wildcard stands for is none of the wildcard's.
      dirtyHosts.addAll(book.wildcards());
    }
    for (Host host : dirtyHosts) {
      SortedSet<IngressReading> claimants = book.of(host);
      claimants.forEach(this::touchVerdicts);
      if (claimants.isEmpty()) {
        merges.remove(host);
      } else {
        merges.put(host, HostMerge.of(host, claimants));
      }
    }
    for (Host host : dirtyHosts) {
      VirtualHost virtualHost = build(host);
      model.virtualHosts().put(host, Optional.ofNullable(virtualHost));
      upstreams.use(host, used(virtualHost));
    }
    dirtyHosts.clear();
    upstreams.drain(model.upstreams());
    for (Optional<Upstream> changed : model.upstreams().values()) {
      changed.ifPresent(upstream -> dirtyEndpoints.add(upstream.service()));
    }
  }

  private @Nullable VirtualHost build(Host host) {
    HostMerge merge = merges.get(host);
    List<Route> routes = routes(merge);
    if (merge == null && (!host.isAny() || routes.isEmpty())) {
      return null;
    }
    return new VirtualHost(
        host,
        routes,
        certificates.covers(host),
        host.isWildcard() ? routes(merges.get(Host.ANY)) : List.of(),
        host.isWildcard() && certificates.covers(Host.ANY));
  }

  private List<Route> routes(@Nullable HostMerge merge) {
    List<Route> routes = new ArrayList<>();
    if (merge != null) {
      for (Winner winner : merge.winners().values()) {
        routes.add(
            new Route(
                winner.ingress().origin(),
                winner.claim().match(),
                action(winner.claim().target())));
      }
      if (merge.winners().containsKey(PathMatch.ALL)) {
        return routes;
      }
      if (merge.fallback() != null) {
        routes.add(
            new Route(
                merge.fallback().ingress().origin(),
                PathMatch.ALL,
                action(merge.fallback().target())));
        return routes;
      }
    }
    IngressReading classWide = book.classWideDefault();
    Target target = classWide == null ? null : classWide.defaultBackend();
    if (classWide != null && target != null) {
      routes.add(new Route(classWide.origin(), PathMatch.ALL, action(target)));
    }
    return routes;
  }

  private RouteAction action(Target target) {
    return switch (target) {
      case Target.Refused _ -> new RouteAction.DirectResponse(503);
      case Target.ServicePort port ->
          switch (services.resolve(port.service(), port.portName(), port.portNumber(), settings)) {
            case Resolution.Found found -> new RouteAction.Forward(found.upstream());
            case Resolution.Unresolved _ -> new RouteAction.DirectResponse(503);
          };
    };
  }

  private static Set<Upstream> used(@Nullable VirtualHost virtualHost) {
    Set<Upstream> used = new HashSet<>();
    if (virtualHost != null) {
      for (List<Route> routes : List.of(virtualHost.routes(), virtualHost.deeperRoutes())) {
        for (Route route : routes) {
          if (route.action() instanceof RouteAction.Forward forward) {
            used.add(forward.upstream());
          }
        }
      }
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
      SortedSet<ObjectRef> users = book.users(service);
      if (users.isEmpty()) {
        withoutEndpoints.remove(service);
      } else {
        Set<Integer> without = services.portsWithoutEndpoints(service, settings);
        if (!without.equals(withoutEndpoints.put(service, without))) {
          dirtyVerdicts.addAll(users);
        }
      }
    }
    dirtyEndpoints.clear();
  }
}
