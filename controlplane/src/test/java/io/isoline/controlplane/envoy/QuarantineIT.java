package io.isoline.controlplane.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.engine.Rejection;
import io.isoline.controlplane.engine.SpoilingEngine;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.Address;
import io.isoline.envoy.XdsProtocol;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Resources that a real Envoy refuses, among {@value #HOSTS} hosts of which {@value #TLS_HOSTS} have
 * TLS: the culprits alone are left behind, their owners alone are told, and whatever else changes
 * meanwhile gets through.
 *
 * <p>Each host has a Service and an Ingress of its own, and so a resource of each type but the
 * listeners.
 */
class QuarantineIT {

  private static final int HOSTS = 5_000;
  private static final int TLS_HOSTS = 300;
  private static final int GOOD_CHANGES = 100;
  private static final String NAMESPACE = "default";

  /**
   * More responses than this are not refused until a culprit is found: two for each halving of all
   * hosts.
   */
  private static final int MOST_REFUSALS = 2 * (32 - Integer.numberOfLeadingZeros(HOSTS));

  private static final Spoiler spoiler = new Spoiler();
  private static final Heard heard = new Heard();

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend before;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend after;

  @SuppressWarnings("NullAway") // set before all tests
  private static Engine engine;

  @SuppressWarnings("NullAway") // set before all tests
  private static EnvoyUnderTest envoy;

  private static final TestCertificate OLD = TestCertificate.of("old", "*.example.com");
  private static final TestCertificate NEW = TestCertificate.of("new", "*.example.com");
  private static final TestCertificate MENDED = TestCertificate.of("mended", "*.example.com");

  private static int http;
  private static int https;
  private static int lastHost = HOSTS;
  private static int nextKnown;
  private static int nextKnownTls;

  /**
   * What is spoiled.
   *
   * @param known whether Envoy has an earlier version of it
   */
  record Case(ResourceType type, Fault fault, int culprits, boolean known) {

    @Override
    public String toString() {
      return "%s %s %d %s".formatted(type, fault, culprits, known ? "known" : "new");
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (ResourceType type : ResourceType.values()) {
      for (Fault fault : Fault.values()) {
        switch (type) {
          // The name of a host is all there is in it.
          case SCOPE -> {
            cases.add(new Case(type, fault, 1, false));
            cases.add(new Case(type, fault, 3, false));
          }
          case LISTENER -> cases.add(new Case(type, fault, 1, true));
          case EXTENSION -> {} // made of the settings alone
          case CLUSTER, ENDPOINT, SECRET, ROUTE -> {
            cases.add(new Case(type, fault, 1, true));
            cases.add(new Case(type, fault, 3, false));
            cases.add(new Case(type, fault, 3, true));
          }
        }
      }
    }
    return cases.stream();
  }

  @BeforeAll
  static void start() throws Exception {
    before = Backend.start("A");
    after = Backend.start("B");
    http = Ports.free();
    https = Ports.free();
    ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
    Settings settings = Settings.defaults(certificate.chain(), certificate.key());
    settings = Configured.with(
        settings,
        "allowLoopbackEndpoints: true",
        "http: {address: 127.0.0.1, port: " + http + "}",
        "https: {address: 127.0.0.1, port: " + https + "}");
    engine =
        SpoilingEngine.start(
            settings,
            XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            heard,
            Clock.systemUTC(),
            spoiler::spoil);
    List<Change> all = new ArrayList<>();
    for (int i = 0; i < HOSTS; i++) {
      all.addAll(new Site(i, isTls(i), "http", before.port(), OLD, 1).objects());
    }
    engine.submit(all);
    engine.loaded();
    long start = System.nanoTime();
    envoy = launch("quarantine");
    Await.until("all hosts are there", () -> route(host(HOSTS - 1)).equals("A"));
    System.out.printf(Locale.ROOT, "start with %d hosts: %s%n", HOSTS, since(start));
  }

  private static EnvoyUnderTest launch(String node) throws Exception {
    return EnvoyLauncher.get()
        .launch(
            new EnvoyUnderTest.Wiring(
                new Address.Socket("127.0.0.1", engine.port()), XdsProtocol.DELTA, node, null));
  }

  @AfterAll
  static void stop() throws IOException {
    envoy.close();
    engine.close();
    before.close();
    after.close();
  }

  @AfterEach
  void forget() {
    spoiler.faults.clear();
  }

  private static boolean isTls(int host) {
    return host < TLS_HOSTS;
  }

  private static String since(long start) {
    return (System.nanoTime() - start) / 1_000_000 + " ms";
  }

  @ParameterizedTest
  @MethodSource("cases")
  void refused_whileOthersChange_isFoundAndTheRestGoesThrough(Case spoiled) throws Exception {
    List<Site> culprits = culprits(spoiled);
    culprits.forEach(site -> spoiler.faults.put(site.key(spoiled.type()), spoiled.fault()));
    int refusalsBefore = heard.refusals.get();
    int rejectionsBefore = heard.rejections.size();
    List<Site> good = good(spoiled.type());
    Set<ObjectRef> owners = new TreeSet<>();
    culprits.forEach(site -> owners.addAll(site.owners(spoiled.type())));

    long start = System.nanoTime();
    engine.submit(culprits.stream().flatMap(site -> site.objects().stream()).toList());
    for (int i = 0; i < GOOD_CHANGES; i += 10) {
      engine.submit(
          good.subList(i, i + 10).stream().flatMap(site -> site.objects().stream()).toList());
    }

    for (Site site : good) {
      Await.until(site + " is served", () -> site.isServed("B", "new"));
    }
    String live = since(start);
    awaitAccused(owners);
    System.out.printf(
        Locale.ROOT,
        "%s: good changes live after %s, owners told after %s, %d refusals%n",
        spoiled,
        live,
        since(start),
        heard.refusals.get() - refusalsBefore);
    for (Site site : culprits) {
      assertEquals(Fallback.of(spoiled), site.serves(), site::toString);
    }
    int refusals = heard.refusals.get();
    assertTrue(
        refusals - refusalsBefore <= spoiled.culprits() * MOST_REFUSALS,
        () -> refusals + " after " + refusalsBefore);

    // Later changes do not bring it up again.
    Site later = new Site(lastHost++, false, "http", after.port(), NEW, 1);
    engine.submit(later.objects());
    Await.until("a later change is served", () -> later.isServed("B", "new"));
    assertEquals(refusals, heard.refusals.get());
    assertEquals(
        spoiled.culprits(), heard.rejections.size() - rejectionsBefore, heard.rejections::toString);

    mend(spoiled, culprits);
    for (Site site : culprits) {
      Await.until(site + " is served again", () -> site.mended().isServed("B", "mended"));
    }
    awaitAccused(Set.of());
    assertEquals(refusals, heard.refusals.get());
  }

  /** One Envoy more that meets culprits of all types among all that it gets at once. */
  @Test
  void refused_atTheStart_isFoundAndTheRestIsServed() throws Exception {
    List<Site> all = new ArrayList<>();
    Set<ObjectRef> owners = new TreeSet<>();
    for (ResourceType type : ResourceType.values()) {
      if (type != ResourceType.LISTENER && type != ResourceType.EXTENSION) {
        List<Site> culprits = culprits(new Case(type, Fault.RULE, 3, false));
        culprits.forEach(
            site -> {
              spoiler.faults.put(site.key(type), Fault.RULE);
              owners.addAll(site.owners(type));
            });
        all.addAll(culprits);
      }
    }
    engine.submit(all.stream().flatMap(site -> site.objects().stream()).toList());
    awaitAccused(owners);
    int refusals = heard.refusals.get();
    int known = heard.rejections.size();

    long start = System.nanoTime();
    envoy.close();
    envoy = launch("second");
    for (int i = TLS_HOSTS; i < HOSTS; i += 97) {
      String host = host(i);
      Await.until(host + " is served", () -> Set.of("A", "B").contains(route(host)));
    }
    String live = since(start);
    Await.until(
        "the second Envoy has refused them all", () -> heard.rejections.size() - known >= 15);
    System.out.printf(
        Locale.ROOT,
        "start with 3 culprits of 5 types: served after %s, all found after %s, %d refusals%n",
        live,
        since(start),
        heard.refusals.get() - refusals);
    assertEquals(owners, SpoilingEngine.accused(engine));
    assertEquals(15, heard.rejections.size() - known, heard.rejections::toString);
    spoiler.faults.clear();
    List<Change> gone = new ArrayList<>();
    for (Site site : all) {
      gone.add(new Change.Delete(site.ingress().ref()));
    }
    engine.submit(gone);
    awaitAccused(Set.of());
  }

  /** What is asked for where a culprit is in the way. */
  private static final class Fallback {
    static String of(Case spoiled) {
      return switch (spoiled.type()) {
        case CLUSTER, ENDPOINT, ROUTE ->
            spoiled.known() ? "A" : spoiled.type() == ResourceType.ROUTE ? "404" : "503";
        case SCOPE -> "404";
        case SECRET -> spoiled.known() ? "old" : "Isoline default certificate";
        case LISTENER, EXTENSION -> "old";
      };
    }
  }

  private static List<Site> culprits(Case spoiled) {
    List<Site> culprits = new ArrayList<>();
    for (int i = 0; i < spoiled.culprits(); i++) {
      boolean tls =
          spoiled.type() == ResourceType.SECRET || spoiled.type() == ResourceType.LISTENER;
      int host =
          spoiled.known() ? (tls ? nextKnownTls++ : TLS_HOSTS + nextKnown++) : lastHost++;
      culprits.add(
          switch (spoiled.type()) {
            // The protocol is in the cluster.
            case CLUSTER -> new Site(host, tls, "https", before.port(), NEW, 1);
            case ENDPOINT -> new Site(host, tls, "http", 1, NEW, 1);
            case SCOPE, SECRET -> new Site(host, tls, "http", after.port(), NEW, 1);
            case ROUTE -> new Site(host, tls, "http", before.port(), NEW, 2);
            // One more chain.
            case LISTENER, EXTENSION -> new Site(host, tls, "http", before.port(), OLD, 1, "-more");
          });
    }
    return culprits;
  }

  private static void mend(Case spoiled, List<Site> culprits) {
    spoiler.faults.clear();
    if (spoiled.type() == ResourceType.SCOPE) {
      engine.submit(
          culprits.stream().map(site -> new Change.Delete(site.ingress().ref())).toList());
      awaitAccused(Set.of());
    }
    engine.submit(culprits.stream().flatMap(site -> site.mended().objects().stream()).toList());
  }

  /** Changes in all types: new hosts, endpoints, routes, certificates. */
  private static List<Site> good(ResourceType type) {
    List<Site> good = new ArrayList<>();
    for (int i = 0; i < GOOD_CHANGES; i++) {
      // A new certificate changes the listener that is to be refused.
      boolean tls = i % 10 == 0 && type != ResourceType.LISTENER;
      int host =
          switch (i % 3) {
            case 0 -> tls ? nextKnownTls++ : lastHost++;
            default -> TLS_HOSTS + nextKnown++;
          };
      good.add(new Site(host, tls, i % 3 == 1 ? "h2c" : "http", after.port(), NEW, 1 + i % 2));
    }
    return good;
  }

  private static void awaitAccused(Set<ObjectRef> owners) {
    try {
      Await.until("these are told", () -> SpoilingEngine.accused(engine).equals(owners));
    } catch (AssertionError e) {
      assertEquals(owners, SpoilingEngine.accused(engine));
    }
  }

  private static String route(String host) {
    try (Connection connection = Connection.open(http)) {
      return connection
          .exchange("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
          .route();
    } catch (IOException e) {
      return "no answer";
    }
  }

  private static String certificate(String host) {
    try (TlsConnection connection = TlsConnection.open(https, TlsConnection.Hello.to(host))) {
      return connection.commonName();
    } catch (IOException e) {
      return "no handshake";
    }
  }

  private static String host(int number) {
    return "h" + number + ".example.com";
  }

  /**
   * A host with all that it needs.
   *
   * @param protocol of its Service
   * @param port of its backend
   * @param paths how many its Ingress has
   * @param suffix of the Secret's name
   */
  private record Site(
      int number,
      boolean tls,
      String protocol,
      int port,
      TestCertificate certificate,
      int paths,
      String suffix) {

    Site(
        int number,
        boolean tls,
        String protocol,
        int port,
        TestCertificate certificate,
        int paths) {
      this(number, tls, protocol, port, certificate, paths, "");
    }

    Site mended() {
      return new Site(number, tls, "h2c", after.port(), MENDED, 3, suffix.isEmpty() ? "" : "-less");
    }

    boolean isServed(String backend, String commonName) {
      return tls ? serves().equals(commonName) : serves().equals(backend);
    }

    String serves() {
      return tls ? QuarantineIT.certificate(host(number)) : route(host(number));
    }

    Resource.Key key(ResourceType type) {
      return new Resource.Key(
          type,
          switch (type) {
            case CLUSTER, ENDPOINT -> NAMESPACE + "/s" + number + "/80";
            case SECRET -> NAMESPACE + "/c" + number + suffix;
            case SCOPE, ROUTE -> "ingress/" + host(number);
            case LISTENER -> "https";
            case EXTENSION -> "isoline.https";
          });
    }

    Set<ObjectRef> owners(ResourceType type) {
      return switch (type) {
        case CLUSTER, ENDPOINT -> Set.of(ingress().ref(), service().ref());
        case SECRET -> Set.of(ingress().ref(), secret().ref());
        case SCOPE, ROUTE, LISTENER, EXTENSION -> Set.of(ingress().ref());
      };
    }

    List<Change> objects() {
      List<Change> changes = new ArrayList<>();
      changes.add(new Change.Upsert(service()));
      changes.add(new Change.Upsert(slice()));
      if (tls) {
        changes.add(new Change.Upsert(secret()));
      }
      changes.add(new Change.Upsert(ingress()));
      return changes;
    }

    private ServiceRecord service() {
      String appProtocol = protocol.equals("h2c") ? "kubernetes.io/h2c" : protocol;
      return new ServiceRecord(
          ObjectRef.service(NAMESPACE, "s" + number),
          null,
          List.of(),
          List.of(new ServiceRecord.Port("web", 80, "TCP", appProtocol)));
    }

    private EndpointSliceRecord slice() {
      return new EndpointSliceRecord(
          ObjectRef.endpointSlice(NAMESPACE, "s" + number + "-1"),
          "s" + number,
          "IPv4",
          List.of(new EndpointSliceRecord.Port("web", port, "TCP")),
          List.of(new EndpointSliceRecord.Endpoint(List.of("127.0.0.1"), true, true, false)));
    }

    private SecretRecord secret() {
      return SecretRecord.tls(
          ObjectRef.secret(NAMESPACE, "c" + number + suffix),
          "kubernetes.io/tls",
          ByteString.copyFromUtf8(certificate.chain()),
          ByteString.copyFromUtf8(certificate.key()));
    }

    private IngressRecord ingress() {
      IngressRecord.Backend backend =
          new IngressRecord.Backend(
              new IngressRecord.ServiceBackend("s" + number, null, 80), null);
      List<IngressRecord.Path> all = new ArrayList<>();
      for (int i = 0; i < paths; i++) {
        all.add(new IngressRecord.Path(i == 0 ? "/" : "/" + i, "Prefix", backend));
      }
      return new IngressRecord(
          ObjectRef.ingress(NAMESPACE, "i" + number),
          new Age(Instant.EPOCH, 0),
          "isoline",
          new TreeMap<>(),
          null,
          tls
              ? List.of(new IngressRecord.Tls(List.of(host(number)), secret().ref().name()))
              : List.of(),
          List.of(new IngressRecord.Rule(host(number), all)));
    }

    @Override
    public String toString() {
      return host(number);
    }
  }

  /** Spoils what it is told to. */
  private static final class Spoiler {
    final Map<Resource.Key, Fault> faults = new ConcurrentHashMap<>();

    Resource spoil(Resource resource) {
      Fault fault = faults.get(resource.key());
      return fault == null ? resource : fault.in(resource);
    }
  }

  private static final class Heard implements EngineListener {
    final AtomicInteger refusals = new AtomicInteger();
    final Collection<String> rejections = new CopyOnWriteArrayList<>();

    @Override
    public void refused(StreamInfo envoy, ResourceType type) {
      refusals.incrementAndGet();
    }

    @Override
    public void rejected(Rejection rejection) {
      rejections.add(rejection.envoy().nodeId() + " " + rejection.resource());
    }
  }
}
