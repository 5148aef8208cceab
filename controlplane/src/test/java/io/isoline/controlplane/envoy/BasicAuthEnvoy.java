package io.isoline.controlplane.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.CheckSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.credentials.CredentialsServer;
import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.stream.StreamEvents;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.Address;
import io.isoline.envoy.CredentialsSocket;
import io.isoline.envoy.EnvoyException;
import io.isoline.envoy.XdsProtocol;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.Translator;
import io.isoline.translator.credentials.CheckContext;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * An Envoy whose hosts have lists of users, and the service beside it. The filter and what the
 * routes say to it are put into the resources of the translator here.
 */
final class BasicAuthEnvoy implements AutoCloseable {

  static final String REALM = "Staff \"only\"";
  private static final String FILTER = "isoline.basic_auth";

  private final int port = Ports.free();
  private final String cluster;
  private final Map<String, String> lists;
  private final Backend backend = Backend.start("A");
  private final ScheduledExecutorService engine = Executors.newSingleThreadScheduledExecutor();
  private final ResourceStore store = new ResourceStore();
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final XdsServer server;
  private final EnvoyUnderTest envoy;
  private @Nullable CredentialsServer credentials;

  /**
   * Starts all of it.
   *
   * @param cluster whom the filter asks
   * @param lists the list of users of each host; hosts are served that have an empty one, and not
   *     protected
   */
  BasicAuthEnvoy(String cluster, Map<String, String> lists)
      throws IOException, EnvoyException, InterruptedException {
    this.cluster = cluster;
    this.lists = lists;
    ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
    Settings settings = Settings.defaults(certificate.chain(), certificate.key());
    settings = Configured.with(
        settings,
        "http: {address: 127.0.0.1, port: " + port + "}",
        "https: {address: 127.0.0.1, port: 0}",
        "allowLoopbackEndpoints: true");
    server =
        XdsServer.start(
            XdsServer.Options.defaults(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            store,
            engine,
            new StreamEvents() {
              @Override
              public void rejected(StreamInfo stream, Resource resource, String message) {
                refused.add(message);
              }
            });
    List<Resource> resources = new ArrayList<>();
    for (Resource resource : new Translator(settings).apply(objects(), Instant.now()).changed()) {
      resources.add(withAuthentication(resource));
    }
    engine.execute(
        () -> {
          store.apply(resources, Set.of());
          store.markLoaded();
        });
    // A container could not reach the socket.
    envoy =
        EnvoyLauncher.choose("native")
            .launch(
                new EnvoyUnderTest.Wiring(
                    new Address.Socket("127.0.0.1", server.port()),
                    XdsProtocol.DELTA,
                    "test",
                    null));
    startService();
    for (String host : lists.keySet()) {
      Await.until(host + " is served", () -> get(host.replace("*", "any"), null).status() != 404);
    }
  }

  void startService() throws IOException {
    credentials = CredentialsServer.start(socket());
  }

  void stopService() {
    if (credentials != null) {
      credentials.close();
      credentials = null;
    }
  }

  Path socket() {
    return Objects.requireNonNull(CredentialsSocket.beside(envoy.admin().address()));
  }

  EnvoyUnderTest envoy() {
    return envoy;
  }

  /** What Envoy refused of its configuration. */
  List<String> refused() {
    return refused;
  }

  static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  Response get(String host, @Nullable String authorization) throws IOException {
    try (Connection connection = connect()) {
      return connection.exchange(request(host, authorization));
    }
  }

  static String request(String host, @Nullable String authorization) {
    return "GET / HTTP/1.1\r\nHost: "
        + host
        + (authorization == null ? "" : "\r\nAuthorization: " + authorization)
        + "\r\n\r\n";
  }

  Connection connect() throws IOException {
    return Connection.open(port);
  }

  private List<Change> objects() {
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
                List.of(new EndpointSliceRecord.Port("web", backend.port(), "TCP")),
                List.of(
                    new EndpointSliceRecord.Endpoint(List.of("127.0.0.1"), true, true, false)))));
    IngressRecord.Path path =
        new IngressRecord.Path(
            "/",
            "Prefix",
            new IngressRecord.Backend(new IngressRecord.ServiceBackend("a", null, 80), null));
    List<IngressRecord.Rule> rules =
        lists.keySet().stream().map(host -> new IngressRecord.Rule(host, List.of(path))).toList();
    changes.add(
        new Change.Upsert(
            new IngressRecord(
                ObjectRef.ingress("default", "i"),
                new Age(Instant.EPOCH, 0),
                "isoline",
                new TreeMap<>(),
                null,
                List.of(),
                rules)));
    return changes;
  }

  private Resource withAuthentication(Resource resource) throws InvalidProtocolBufferException {
    if (resource.type() == ResourceType.LISTENER) {
      return withFilter(resource);
    }
    if (resource.type() != ResourceType.ROUTE) {
      return resource;
    }
    RouteConfiguration.Builder routes =
        resource.body().unpack(RouteConfiguration.class).toBuilder();
    // Nothing is asked for a route that says nothing.
    routes.putTypedPerFilterConfig(
        FILTER, Any.pack(ExtAuthzPerRoute.newBuilder().setDisabled(true).build()));
    String list = lists.getOrDefault(resource.name().replaceFirst("^ingress/", ""), "");
    if (!list.isEmpty()) {
      CheckSettings settings =
          CheckSettings.newBuilder()
              .putContextExtensions(CheckContext.USERS, list)
              .putContextExtensions(CheckContext.REALM, REALM)
              .build();
      Any perRoute = Any.pack(ExtAuthzPerRoute.newBuilder().setCheckSettings(settings).build());
      for (var host : routes.getVirtualHostsBuilderList()) {
        for (var route : host.getRoutesBuilderList()) {
          route.putTypedPerFilterConfig(FILTER, perRoute);
        }
      }
    }
    return made(resource, routes.build());
  }

  private Resource withFilter(Resource resource) throws InvalidProtocolBufferException {
    Listener.Builder listener = resource.body().unpack(Listener.class).toBuilder();
    var filter = listener.getFilterChainsBuilder(0).getFiltersBuilder(0);
    HttpConnectionManager.Builder manager =
        filter.getTypedConfig().unpack(HttpConnectionManager.class).toBuilder();
    ExtAuthz auth =
        ExtAuthz.newBuilder()
            .setTransportApiVersion(ApiVersion.V3)
            .setGrpcService(
                GrpcService.newBuilder()
                    .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName(cluster))
                    .setTimeout(Durations.fromSeconds(12)))
            .setStatusOnError(HttpStatus.newBuilder().setCode(StatusCode.ServiceUnavailable))
            .setValidateMutations(true)
            .setAllowedHeaders(
                ListStringMatcher.newBuilder()
                    .addPatterns(StringMatcher.newBuilder().setExact("authorization")))
            .build();
    manager.addHttpFilters(
        manager.getHttpFiltersCount() - 1,
        HttpFilter.newBuilder().setName(FILTER).setTypedConfig(Any.pack(auth)));
    filter.setTypedConfig(Any.pack(manager.build()));
    return made(resource, listener.build());
  }

  private static Resource made(Resource resource, Message body) {
    return new Resource(
        resource.type(), resource.name(), Integer.toHexString(body.hashCode()), Any.pack(body));
  }

  @Override
  public void close() throws IOException {
    stopService();
    envoy.close();
    server.close();
    engine.shutdownNow();
    backend.close();
  }
}
