package io.isoline.controlplane.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.credentials.CredentialsServer;
import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.stream.StreamEvents;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.Address;
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
import io.isoline.translator.kube.SecretRecord;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** An Envoy whose hosts have lists of users, and the service beside it. */
final class BasicAuthEnvoy implements AutoCloseable {

  static final String REALM = "Staff only";
  private static final String NGINX = "nginx.ingress.kubernetes.io/";

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
      resources.add(asking(resource));
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
    return envoy.credentialsSocket();
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
    lists.forEach(
        (host, list) -> {
          String name = "h" + changes.size();
          TreeMap<String, String> annotations = new TreeMap<>();
          if (!list.isEmpty()) {
            annotations.put(NGINX + "auth-type", "basic");
            annotations.put(NGINX + "auth-secret", name);
            annotations.put(NGINX + "auth-realm", REALM);
            changes.add(
                new Change.Upsert(
                    new SecretRecord(
                        ObjectRef.secret("default", name),
                        "Opaque",
                        new TreeMap<>(Map.of("auth", ByteString.copyFromUtf8(list))))));
          }
          changes.add(
              new Change.Upsert(
                  new IngressRecord(
                      ObjectRef.ingress("default", name),
                      new Age(Instant.EPOCH, 0),
                      "isoline",
                      annotations,
                      null,
                      List.of(),
                      List.of(new IngressRecord.Rule(host, List.of(path))))));
        });
    return changes;
  }

  /** The same resource with another cluster for the filter to ask. */
  private Resource asking(Resource resource) throws InvalidProtocolBufferException {
    if (resource.type() != ResourceType.LISTENER || cluster.equals(CheckContext.CLUSTER)) {
      return resource;
    }
    Listener.Builder listener = resource.body().unpack(Listener.class).toBuilder();
    var network = listener.getFilterChainsBuilder(0).getFiltersBuilder(0);
    HttpConnectionManager.Builder manager =
        network.getTypedConfig().unpack(HttpConnectionManager.class).toBuilder();
    for (HttpFilter.Builder filter : manager.getHttpFiltersBuilderList()) {
      if (filter.getTypedConfig().is(ExtAuthz.class)) {
        ExtAuthz.Builder auth = filter.getTypedConfig().unpack(ExtAuthz.class).toBuilder();
        auth.getGrpcServiceBuilder().getEnvoyGrpcBuilder().setClusterName(cluster);
        filter.setTypedConfig(Any.pack(auth.build()));
      }
    }
    network.setTypedConfig(Any.pack(manager.build()));
    Listener body = listener.build();
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
