package io.isoline.controlplane.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.Durations;
import com.sun.net.httpserver.HttpServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.CheckSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.HttpService;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.stream.StreamEvents;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.XdsProtocol;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.Translator;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * That one filter of a connection manager is enough for external authentication by any number of
 * services: a route says which service it asks. The library's protos do not have that field yet, so
 * it is set by its number.
 *
 * <p>1,000 hosts of the translator, each with one of 200 services; then one of them gets another.
 */
class ExternalAuthIT {

  /** {@code CheckSettings.http_service} in Envoy 1.37 and newer. */
  private static final int HTTP_SERVICE = 5;

  private static final String FILTER = "envoy.filters.http.ext_authz";
  private static final int HOSTS = 1_000;
  private static final int SERVICES = 200;

  @Test
  void route_namesTheServiceThatItAsks_aChangeOfOneSendsOneRoute() throws Exception {
    ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
    int port = Ports.free();
    Settings settings = Settings.defaults(certificate.chain(), certificate.key());
    settings = Configured.with(
        settings,
        "http: {address: 127.0.0.1, port: " + port + "}",
        "https: {address: 127.0.0.1, port: 0}",
        "allowLoopbackEndpoints: true");
    ScheduledExecutorService engine = Executors.newSingleThreadScheduledExecutor();
    ResourceStore store = new ResourceStore();
    Counting sent = new Counting();
    XdsServer.Options options =
        XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    try (Backend backend = Backend.start("A");
        Auth auth = new Auth();
        XdsServer server = XdsServer.start(options, store, engine, sent)) {
      List<Resource> resources = new ArrayList<>();
      for (Resource resource :
          new Translator(settings).apply(objects(backend.port()), Instant.now()).changed()) {
        resources.add(protectedBy(resource));
      }
      for (int i = 0; i < SERVICES; i++) {
        resources.add(cluster(service(i), auth.port()));
      }
      engine
          .submit(
              () -> {
                store.apply(resources, Set.of());
                store.markLoaded();
              })
          .get();
      EnvoyUnderTest.Wiring wiring =
          new EnvoyUnderTest.Wiring(
              new io.isoline.envoy.Address.Socket("127.0.0.1", server.port()),
              XdsProtocol.DELTA,
              "test",
              null);
      try (EnvoyUnderTest envoy = EnvoyLauncher.get().launch(wiring)) {
        Await.until("Envoy is ready", () -> envoy.get("/ready").contains("LIVE"));
        Await.until("the last host is served", () -> ask(port, HOSTS - 1, service(199)) == 200);
        assertEquals(0, sent.rejected.get());
        for (int host : List.of(0, 1, 199, 200, 567, 999)) {
          assertEquals(200, ask(port, host, service(host % SERVICES)), "host " + host);
          assertEquals(403, ask(port, host, service((host + 1) % SERVICES)), "host " + host);
        }

        int before = sent.resources.get();
        Resource other =
            withService(
                Objects.requireNonNull(store.find(
                        new Resource.Key(ResourceType.ROUTE, "ingress/" + host(567)))),
                service(3));
        engine.submit(() -> store.apply(List.of(other), Set.of())).get();
        Await.until("the other service is asked", () -> ask(port, 567, service(3)) == 200);
        assertEquals(403, ask(port, 567, service(567 % SERVICES)));
        assertEquals(200, ask(port, 566, service(566 % SERVICES)));
        assertEquals(1, sent.resources.get() - before);
        assertEquals(0, sent.rejected.get());
        // Fail closed: a service that is not there lets nobody in.
        auth.stop();
        assertEquals(503, ask(port, 0, service(0)));
      }
    } finally {
      engine.shutdownNow();
    }
  }

  private static String host(int i) {
    return "h" + i + ".example.com";
  }

  private static String service(int i) {
    return "auth-" + i;
  }

  /** The status of a request that shows the token of an authentication service. */
  private static int ask(int port, int host, String token) throws IOException {
    try (Connection connection = Connection.open(port)) {
      return connection
          .exchange(
              "GET / HTTP/1.1\r\nHost: "
                  + host(host)
                  + "\r\nAuthorization: "
                  + token
                  + "\r\nConnection: close\r\n\r\n")
          .status();
    }
  }

  private static List<Change> objects(int port) {
    List<Change> changes = new ArrayList<>();
    changes.add(
        new Change.Upsert(
            new ServiceRecord(
                ObjectRef.service("default", "a"),
                null,
                List.of(),
                List.of(new ServiceRecord.Port("web", 80, "TCP", null)))));
    changes.add(
        new Change.Upsert(
            new EndpointSliceRecord(
                ObjectRef.endpointSlice("default", "a-1"),
                "a",
                "IPv4",
                List.of(new EndpointSliceRecord.Port("web", port, "TCP")),
                List.of(
                    new EndpointSliceRecord.Endpoint(List.of("127.0.0.1"), true, true, false)))));
    IngressRecord.Path path =
        new IngressRecord.Path(
            "/",
            "Prefix",
            new IngressRecord.Backend(new IngressRecord.ServiceBackend("a", null, 80), null));
    for (int i = 0; i < HOSTS; i++) {
      changes.add(
          new Change.Upsert(
              new IngressRecord(
                  ObjectRef.ingress("default", "i" + i),
                  new Age(Instant.EPOCH, 0),
                  "isoline",
                  new TreeMap<>(),
                  null,
                  List.of(),
                  List.of(new IngressRecord.Rule(host(i), List.of(path))))));
    }
    return changes;
  }

  /** The same resource with the filter, or with what its routes say to it. */
  private static Resource protectedBy(Resource resource) throws InvalidProtocolBufferException {
    return switch (resource.type()) {
      case LISTENER -> withFilter(resource);
      case ROUTE -> {
        String name = resource.name();
        if (!name.startsWith("ingress/h")) {
          yield with(resource, ExtAuthzPerRoute.newBuilder().setDisabled(true).build());
        }
        int host = Integer.parseInt(name.replaceAll("\\D", ""));
        yield withService(resource, service(host % SERVICES));
      }
      case CLUSTER, ENDPOINT, SECRET, EXTENSION, SCOPE -> resource;
    };
  }

  private static Resource withFilter(Resource resource) throws InvalidProtocolBufferException {
    Listener.Builder listener = resource.body().unpack(Listener.class).toBuilder();
    var filter = listener.getFilterChainsBuilder(0).getFiltersBuilder(0);
    HttpConnectionManager.Builder manager =
        filter.getTypedConfig().unpack(HttpConnectionManager.class).toBuilder();
    HttpFilter auth =
        HttpFilter.newBuilder()
            .setName(FILTER)
            .setTypedConfig(
                Any.pack(
                    ExtAuthz.newBuilder()
                        .setHttpService(httpService(service(0)))
                        .setStatusOnError(
                            io.envoyproxy.envoy.type.v3.HttpStatus.newBuilder()
                                .setCode(
                                    io.envoyproxy.envoy.type.v3.StatusCode.ServiceUnavailable))
                        .build()))
            .build();
    manager.addHttpFilters(manager.getHttpFiltersCount() - 1, auth);
    filter.setTypedConfig(Any.pack(manager.build()));
    return made(resource, listener.build());
  }

  private static Resource withService(Resource resource, String service)
      throws InvalidProtocolBufferException {
    CheckSettings settings =
        CheckSettings.newBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(
                        HTTP_SERVICE,
                        UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(httpService(service).toByteString())
                            .build())
                    .build())
            .build();
    return with(resource, ExtAuthzPerRoute.newBuilder().setCheckSettings(settings).build());
  }

  private static Resource with(Resource resource, ExtAuthzPerRoute perRoute)
      throws InvalidProtocolBufferException {
    return made(
        resource,
        resource.body().unpack(RouteConfiguration.class).toBuilder()
            .putTypedPerFilterConfig(FILTER, Any.pack(perRoute))
            .build());
  }

  private static HttpService httpService(String service) {
    return HttpService.newBuilder()
        .setServerUri(
            HttpUri.newBuilder()
                .setUri("http://" + service)
                .setCluster(service)
                .setTimeout(Durations.fromSeconds(5)))
        .setPathPrefix("/" + service)
        .build();
  }

  private static Resource cluster(String name, int port) {
    Address address =
        Address.newBuilder()
            .setSocketAddress(
                SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port))
            .build();
    Cluster cluster =
        Cluster.newBuilder()
            .setName(name)
            .setType(Cluster.DiscoveryType.STATIC)
            .setConnectTimeout(Durations.fromSeconds(5))
            .setLoadAssignment(
                ClusterLoadAssignment.newBuilder()
                    .setClusterName(name)
                    .addEndpoints(
                        LocalityLbEndpoints.newBuilder()
                            .addLbEndpoints(
                                LbEndpoint.newBuilder()
                                    .setEndpoint(Endpoint.newBuilder().setAddress(address)))))
            .build();
    return new Resource(ResourceType.CLUSTER, name, "1", Any.pack(cluster));
  }

  private static Resource made(Resource resource, Message body) {
    return new Resource(
        resource.type(),
        resource.name(),
        Integer.toHexString(body.hashCode()),
        Any.pack(body));
  }

  /** What was sent to Envoy, and what it refused. */
  private static final class Counting implements StreamEvents {
    final AtomicInteger resources = new AtomicInteger();
    final AtomicInteger rejected = new AtomicInteger();

    @Override
    public void sent(StreamInfo stream, ResourceType type, int count, long bytes) {
      resources.addAndGet(count);
    }

    @Override
    public void rejected(StreamInfo stream, Resource resource, String message) {
      rejected.incrementAndGet();
    }
  }

  /** All the services in one: lets in who shows the name of the one that is asked. */
  private static final class Auth implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    Auth() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              String asked = exchange.getRequestURI().getPath().split("/", -1)[1];
              String shown = exchange.getRequestHeaders().getFirst("Authorization");
              exchange.sendResponseHeaders(asked.equals(shown) ? 200 : 403, -1);
            }
          });
      server.start();
    }

    int port() {
      return server.getAddress().getPort();
    }

    void stop() {
      server.stop(0);
      threads.shutdownNow();
    }

    @Override
    public void close() {
      stop();
    }
  }
}
