package io.isoline.translator.envoy;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.envoy.Packing.Part;
import io.isoline.translator.model.EndpointSet;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.HostOptions;
import io.isoline.translator.model.ModelChange;
import io.isoline.translator.model.Route;
import io.isoline.translator.model.TlsTermination;
import io.isoline.translator.model.Upstream;
import io.isoline.translator.model.VirtualHost;
import io.isoline.translator.tls.ServerCertificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the Envoy resources in step with the model. Endpoints and secrets take a short way: a
 * change of theirs writes one small resource and looks at nothing else.
 *
 * <p>Owned by one thread.
 */
public final class ResourceWriter {

  /** Of names that nobody claims: those of {@link Host#ANY}, and of wildcards that were given. */
  private final SortedMap<Host, Part> fallback = new TreeMap<>();

  private final SortedMap<String, TlsTermination> terminations = new TreeMap<>();
  private final SortedMap<String, ListenerWriter.Chain> chains = new TreeMap<>();
  private final Set<String> servedByDefault = new HashSet<>();
  private final Map<Resource.Key, String> versions;

  private Settings settings;
  private RouteWriter routes;
  private ClusterWriter clusters;
  private ListenerWriter listeners;
  private boolean fresh = true;

  private final List<Resource> changed = new ArrayList<>();
  private final Set<Resource.Key> removed = new HashSet<>();

  /**
   * @param versions of the resources that there are: who uses this enters there what was written
   */
  public ResourceWriter(Settings settings, Map<Resource.Key, String> versions) {
    this.settings = settings;
    this.versions = Collections.unmodifiableMap(versions);
    this.routes = new RouteWriter(settings);
    this.clusters = new ClusterWriter(settings);
    this.listeners = new ListenerWriter(settings);
  }

  /** What is different among the resources. */
  public record Written(List<Resource> changed, Set<Resource.Key> removed) {}

  /**
   * Takes other settings. The next model change must hold every virtual host and upstream, as
   * settings are in all of them; what comes out equal is not reported.
   */
  public void configure(Settings other) {
    settings = other;
    routes = new RouteWriter(other);
    clusters = new ClusterWriter(other);
    listeners = new ListenerWriter(other);
    fresh = true;
  }

  /** Enters what is different in the model and says what that is among the resources. */
  public Written write(ModelChange model) {
    changed.clear();
    removed.clear();
    writeUpstreams(model);
    writeSecrets(model);
    writeListeners(model.terminations());
    writeRoutes(model.virtualHosts());
    fresh = false;
    return new Written(List.copyOf(changed), Set.copyOf(removed));
  }

  private void writeUpstreams(ModelChange model) {
    for (Map.Entry<String, Optional<Upstream>> entry : model.upstreams().entrySet()) {
      String name = entry.getKey();
      Upstream upstream = entry.getValue().orElse(null);
      if (upstream == null) {
        drop(ResourceType.CLUSTER, name);
      } else {
        put(clusters.cluster(upstream));
      }
      if (!(upstream instanceof Upstream.Endpoints)) {
        drop(ResourceType.ENDPOINT, name);
      }
    }
    for (Map.Entry<String, EndpointSet> entry : model.endpoints().entrySet()) {
      put(ClusterWriter.endpoints(entry.getKey(), entry.getValue()));
    }
  }

  private void writeSecrets(ModelChange model) {
    Settings.Tls tls = settings.tls();
    for (Map.Entry<String, Optional<ServerCertificate>> entry : model.secrets().entrySet()) {
      String name = entry.getKey();
      servedByDefault.remove(name);
      ServerCertificate certificate = entry.getValue().orElse(null);
      switch (certificate) {
        case null -> drop(ResourceType.SECRET, name);
        case ServerCertificate.Valid valid -> put(secret(name, valid.chain(), valid.key()));
        case ServerCertificate.Invalid _ -> {
          servedByDefault.add(name);
          put(secret(name, tls.defaultCertificate(), tls.defaultPrivateKey()));
        }
      }
    }
    if (fresh) {
      put(secret(Names.DEFAULT_CERTIFICATE, tls.defaultCertificate(), tls.defaultPrivateKey()));
      for (String name : servedByDefault) {
        if (!model.secrets().containsKey(name)) {
          put(secret(name, tls.defaultCertificate(), tls.defaultPrivateKey()));
        }
      }
    }
  }

  private void writeListeners(Map<List<String>, Optional<TlsTermination>> different) {
    for (Map.Entry<List<String>, Optional<TlsTermination>> entry : different.entrySet()) {
      String name = String.join("+", entry.getKey());
      TlsTermination termination = entry.getValue().orElse(null);
      if (termination == null) {
        terminations.remove(name);
        chains.remove(name);
      } else {
        terminations.put(name, termination);
        putChain(termination);
      }
    }
    if (fresh) {
      terminations.values().forEach(this::putChain);
      putOrDrop(ResourceType.LISTENER, Names.HTTP, listeners.http());
      putOrDrop(ResourceType.EXTENSION, Names.HTTPS_MANAGER, listeners.httpsManager());
    }
    if (fresh || !different.isEmpty()) {
      putOrDrop(ResourceType.LISTENER, Names.HTTPS, listeners.https(chains.values()));
    }
  }

  private void putChain(TlsTermination termination) {
    String name = termination.name();
    ListenerWriter.Chain chain = listeners.chain(termination);
    if (chain == null) {
      chains.remove(name);
    } else {
      chains.put(name, chain);
    }
  }

  private void writeRoutes(SortedMap<Host, Optional<VirtualHost>> different) {
    boolean fallbackDiffers = fresh;
    for (Map.Entry<Host, Optional<VirtualHost>> entry : different.entrySet()) {
      Host host = entry.getKey();
      VirtualHost virtualHost = entry.getValue().orElse(null);
      if (!host.isAny()) {
        writeScope(host, virtualHost);
      }
      Part before = fallback.remove(host);
      if (virtualHost != null && host.isAny()) {
        fallback.put(host, shared(host, virtualHost.routes(), virtualHost.options()));
      } else if (virtualHost != null && virtualHost.below() != null) {
        fallback.put(host, shared(host, virtualHost.below(), HostOptions.NONE));
      }
      fallbackDiffers |= !Objects.equals(before, fallback.get(host));
    }
    // Envoy begins its search for other scopes with it, so it is there whoever claims it.
    fallback.computeIfAbsent(Host.ANY, any -> shared(any, RouteWriter.NOBODY, HostOptions.NONE));
    if (fallbackDiffers) {
      put(scope(Names.ROUTES, Names.ANY_SCOPE));
      put(
          Packing.resource(
              ResourceType.ROUTE,
              Names.ROUTES,
              routes.fallback(),
              RouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER,
              fallback.values()));
    }
  }

  private Part shared(Host host, List<Route> routesOfHost, HostOptions options) {
    return Packing.part(routes.shared(host, routesOfHost, options));
  }

  private void writeScope(Host host, @Nullable VirtualHost virtualHost) {
    String name = Names.scope(host);
    if (virtualHost == null) {
      drop(ResourceType.SCOPE, name);
      drop(ResourceType.ROUTE, name);
    } else {
      put(scope(name, host.pattern()));
      put(Packing.resource(ResourceType.ROUTE, name, routes.scoped(virtualHost)));
    }
  }

  private static Resource scope(String name, String key) {
    return Packing.resource(
        ResourceType.SCOPE,
        name,
        ScopedRouteConfiguration.newBuilder()
            .setName(name)
            .setRouteConfigurationName(name)
            .setKey(
                ScopedRouteConfiguration.Key.newBuilder()
                    .addFragments(
                        ScopedRouteConfiguration.Key.Fragment.newBuilder().setStringKey(key)))
            .build());
  }

  private static Resource secret(String name, ByteString chain, ByteString key) {
    return Packing.resource(
        ResourceType.SECRET,
        name,
        Secret.newBuilder()
            .setName(name)
            .setTlsCertificate(
                TlsCertificate.newBuilder()
                    .setCertificateChain(DataSource.newBuilder().setInlineBytes(chain))
                    .setPrivateKey(DataSource.newBuilder().setInlineBytes(key)))
            .build());
  }

  private void putOrDrop(ResourceType type, String name, @Nullable Resource resource) {
    if (resource == null) {
      drop(type, name);
    } else {
      put(resource);
    }
  }

  private void put(Resource resource) {
    if (!resource.version().equals(versions.get(resource.key()))) {
      changed.add(resource);
    }
  }

  private void drop(ResourceType type, String name) {
    Resource.Key key = new Resource.Key(type, name);
    if (versions.containsKey(key)) {
      removed.add(key);
    }
  }
}
