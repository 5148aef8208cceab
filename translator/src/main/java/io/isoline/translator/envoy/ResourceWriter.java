package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.model.Authorities;
import io.isoline.translator.model.Backend;
import io.isoline.translator.model.EndpointSet;
import io.isoline.translator.model.KeyPair;
import io.isoline.translator.model.Listener;
import io.isoline.translator.model.ModelChange;
import io.isoline.translator.model.RouteSpace;
import io.isoline.translator.model.TlsChain;
import io.isoline.translator.model.VirtualHost;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps the Envoy resources in step with the model. Endpoints and secrets take a short way: a
 * change of theirs writes one small resource and looks at nothing else.
 *
 * <p>Owned by one thread.
 */
public final class ResourceWriter {

  private final SortedMap<String, Listener> listeners = new TreeMap<>();

  /** Of each listener, by the names of the chains. */
  private final Map<String, SortedMap<String, ListenerWriter.Chain>> chains = new TreeMap<>();

  private final Map<String, SpaceWriter> spaces = new TreeMap<>();
  private final Map<Resource.Key, String> versions;

  private final List<Resource> changed = new ArrayList<>();
  private final Set<Resource.Key> removed = new HashSet<>();

  /**
   * @param versions of the resources that there are: who uses this enters there what was written
   */
  public ResourceWriter(Map<Resource.Key, String> versions) {
    this.versions = Collections.unmodifiableMap(versions);
  }

  /** What is different among the resources. */
  public record Written(List<Resource> changed, Set<Resource.Key> removed) {}

  /** Enters what is different in the model and says what that is among the resources. */
  public Written write(ModelChange model) {
    changed.clear();
    removed.clear();
    writeBackends(model);
    writeCertificates(model);
    writeListeners(model);
    writeRoutes(model);
    return new Written(List.copyOf(changed), Set.copyOf(removed));
  }

  /** Whose scope or routes a resource is; empty for any other. */
  public static Optional<VirtualHost.Key> hostOf(Resource.Key resource) {
    return resource.type() == ResourceType.SCOPE || resource.type() == ResourceType.ROUTE
        ? Optional.ofNullable(Names.hostOf(resource.name()))
        : Optional.empty();
  }

  private void writeBackends(ModelChange model) {
    for (Map.Entry<String, Optional<Backend>> entry : model.backends().entrySet()) {
      entry
          .getValue()
          .ifPresentOrElse(
              backend -> put(ClusterWriter.cluster(backend)),
              () -> drop(ResourceType.CLUSTER, entry.getKey()));
    }
    for (Map.Entry<String, Optional<EndpointSet>> entry : model.endpoints().entrySet()) {
      String name = entry.getKey();
      entry
          .getValue()
          .ifPresentOrElse(
              set -> put(ClusterWriter.endpoints(name, set)),
              () -> drop(ResourceType.ENDPOINT, name));
    }
  }

  private void writeCertificates(ModelChange model) {
    for (Map.Entry<String, Optional<KeyPair>> entry : model.certificates().entrySet()) {
      String name = entry.getKey();
      entry
          .getValue()
          .ifPresentOrElse(
              pair -> put(secret(name, pair)), () -> drop(ResourceType.SECRET, name));
    }
    for (Map.Entry<String, Optional<Authorities>> entry : model.authorities().entrySet()) {
      String name = entry.getKey();
      entry
          .getValue()
          .ifPresentOrElse(
              authorities -> put(ClientCertificates.secret(name, authorities)),
              () -> drop(ResourceType.SECRET, name));
    }
  }

  private void writeListeners(ModelChange model) {
    Set<String> different = new TreeSet<>(model.listeners().keySet());
    for (Map.Entry<TlsChain.Key, Optional<TlsChain>> entry : model.chains().entrySet()) {
      TlsChain.Key key = entry.getKey();
      var ofListener = chains.computeIfAbsent(key.listener(), any -> new TreeMap<>());
      ListenerWriter.Chain chain =
          entry.getValue().map(ListenerWriter::chain).orElse(null);
      if (chain == null) {
        ofListener.remove(key.name());
      } else {
        ofListener.put(key.name(), chain);
      }
      different.add(key.listener());
    }
    model
        .listeners()
        .forEach(
            (name, listener) ->
                listener.ifPresentOrElse(
                    present -> listeners.put(name, present), () -> listeners.remove(name)));
    for (String name : different) {
      Listener listener = listeners.get(name);
      if (listener == null) {
        drop(ResourceType.LISTENER, name);
        drop(ResourceType.EXTENSION, Names.manager(name));
      } else {
        if (listener.traffic() instanceof Listener.Tls tls && model.listeners().containsKey(name)) {
          put(ListenerWriter.manager(name, tls.fallback()));
        }
        put(
            ListenerWriter.listener(
                listener, chains.getOrDefault(name, Collections.emptySortedMap()).values()));
      }
    }
  }

  private void writeRoutes(ModelChange model) {
    Set<SpaceWriter> different = new HashSet<>();
    for (RouteSpace space : model.spaces()) {
      different.add(
          spaces.computeIfAbsent(space.name(), SpaceWriter::new).configure(space));
      SpaceWriter.gate(space).forEach(this::put);
      if (space.tracing() == null) {
        drop(ResourceType.CLUSTER, CollectorWriter.CLUSTER);
      } else {
        put(CollectorWriter.cluster(space.tracing().collector()));
      }
    }
    for (Map.Entry<VirtualHost.Key, Optional<VirtualHost>> entry :
        model.virtualHosts().entrySet()) {
      VirtualHost.Key key = entry.getKey();
      SpaceWriter space = spaces.get(key.space());
      if (space == null) {
        throw new IllegalStateException("there is no space " + key.space());
      }
      if (SpaceWriter.isShared(key.host())) {
        if (space.share(key.host(), entry.getValue())) {
          different.add(space);
        }
      } else {
        entry
            .getValue()
            .ifPresentOrElse(
                host -> space.scoped(host).forEach(this::put),
                () -> {
                  drop(ResourceType.SCOPE, Names.scope(key));
                  drop(ResourceType.ROUTE, Names.scope(key));
                });
      }
    }
    different.forEach(space -> space.fallback().forEach(this::put));
  }

  private static Resource secret(String name, KeyPair pair) {
    return Packing.resource(
        ResourceType.SECRET,
        name,
        Secret.newBuilder()
            .setName(name)
            .setTlsCertificate(
                TlsCertificate.newBuilder()
                    .setCertificateChain(DataSource.newBuilder().setInlineBytes(pair.chain()))
                    .setPrivateKey(DataSource.newBuilder().setInlineBytes(pair.key())))
            .build());
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
