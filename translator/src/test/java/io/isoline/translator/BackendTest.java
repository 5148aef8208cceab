package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.IngressBuilder.resource;
import static io.isoline.translator.TestObjects.dead;
import static io.isoline.translator.TestObjects.draining;
import static io.isoline.translator.TestObjects.external;
import static io.isoline.translator.TestObjects.port;
import static io.isoline.translator.TestObjects.ready;
import static io.isoline.translator.TestObjects.service;
import static io.isoline.translator.TestObjects.slice;
import static io.isoline.translator.TestObjects.starting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.IngressRecord.Backend;
import io.isoline.translator.kube.IngressRecord.ServiceBackend;
import io.isoline.translator.kube.ServiceRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a backend of an Ingress to clusters and endpoints. */
final class BackendTest {

  private static final String BACKEND = "spec.rules[0].http.paths[0].backend";
  private static final Settings EXTERNAL =
      SettingsVariants.named("allow-external-name", World.DEFAULTS);

  private static IngressRecord web(Object port) {
    return ingress("web").host("x.com").prefix("/", "svc", port).build();
  }

  @Test
  void port_byNumberAndByName_isOneCluster() {
    World world =
        World.of(
            service("svc", port("web", 80), port("admin", 9000)),
            ingress("web")
                .host("x.com")
                .prefix("/number", "svc", 80)
                .prefix("/name", "svc", "web")
                .prefix("/admin", "svc", "admin")
                .build());

    assertEquals("default/svc/80", world.request("x.com", "/number"));
    assertEquals("default/svc/80", world.request("x.com", "/name"));
    assertEquals("default/svc/9000", world.request("x.com", "/admin"));
  }

  @Test
  void endpoints_slicesWithOtherNumbersForOneName_keepTheirOwn() {
    World world =
        World.of(
            service("svc", port("web", 80), port("admin", 9000)),
            slice("one", "svc", "IPv4", "web", 8080, ready("10.0.0.1", "10.0.0.2")),
            slice("two", "svc", "IPv4", "web", 9090, ready("10.0.0.3")),
            slice("three", "svc", "IPv4", "admin", 7070, ready("10.0.0.4")),
            web(80));

    assertEquals(
        List.of("10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:9090"),
        world.endpoints("default/svc/80"));
  }

  @Test
  void endpoints_sliceOfAnotherNamespace_isNotTaken() {
    World world = World.of(service("svc", 80), slice("svc", 80, "10.0.0.1"), web(80));
    EndpointSliceRecord foreign =
        new EndpointSliceRecord(
            ObjectRef.endpointSlice("other", "svc-1"),
            "svc",
            "IPv4",
            List.of(new EndpointSliceRecord.Port("", 80, "TCP")),
            ready("10.9.9.9"));

    world.apply(foreign);

    assertEquals(List.of("10.0.0.1:80"), world.endpoints("default/svc/80"));
  }

  @Test
  void verdict_sliceIsDeleted_isTakenBack() {
    ObjectRef slice = ObjectRef.endpointSlice("default", "svc-1");
    World world = World.of(service("svc", 80), slice("svc", 80, "10.0.0.1"), web(80));
    assertTrue(world.verdicts().containsKey(slice));

    world.delete(slice);

    assertFalse(world.verdicts().containsKey(slice));
    assertEquals(List.of(), world.endpoints("default/svc/80"));
  }

  @ParameterizedTest
  @CsvSource({"HTTPS, default/svc/443", "GRPCS, default/svc/443/grpc_tls"})
  void backendProtocol_thatTheServiceNamesToo_isTheSameCluster(String protocol, String cluster) {
    World world =
        World.of(
            service("svc", port("", 443, "https")),
            ingress("web")
                .annotation("isoline.io/backend-protocol", protocol)
                .host("x.com")
                .prefix("/", "svc", 443)
                .build());

    assertEquals(cluster, world.request("x.com", "/"));
  }

  @Test
  void endpoints_sliceMovesToAnotherService_bothFollow() {
    World world =
        World.of(
            service("svc", 80),
            service("next", 80),
            slice("s", "svc", "IPv4", "", 80, ready("10.0.0.1")),
            ingress("web")
                .host("x.com")
                .prefix("/", "svc", 80)
                .prefix("/next", "next", 80)
                .build());

    world.apply(slice("s", "next", "IPv4", "", 80, ready("10.0.0.1")));

    assertEquals(List.of(), world.endpoints("default/svc/80"));
    assertEquals(List.of("10.0.0.1:80"), world.endpoints("default/next/80"));
    assertEquals(Reason.NoEndpoints, world.verdict("web", BACKEND).reason());
  }

  @Test
  void endpoints_ipv6Slice_isUsed() {
    World world =
        World.of(
            service("svc", 80),
            slice("s", "svc", "IPv6", "", 80, ready("2001:db8::1", "::ffff:1.2.3.4")),
            web(80));

    assertEquals(
        List.of("2001:db8::1:80", "::ffff:1.2.3.4:80"), world.endpoints("default/svc/80"));
  }

  @Test
  void endpoints_dualStack_preferredFamilyWithEndpointsIsUsed() {
    ServiceRecord dual =
        new ServiceRecord(
            ObjectRef.service("default", "svc"),
            null,
            List.of("IPv6", "IPv4"),
            List.of(port("", 80)));
    World world =
        World.of(
            dual,
            slice("four", "svc", "IPv4", "", 80, ready("10.0.0.1")),
            slice("six", "svc", "IPv6", "", 80, ready("2001:db8::1")),
            web(80));
    assertEquals(List.of("2001:db8::1:80"), world.endpoints("default/svc/80"));

    world.delete(ObjectRef.endpointSlice("default", "six"));

    assertEquals(List.of("10.0.0.1:80"), world.endpoints("default/svc/80"));
  }

  @Test
  void endpoints_fqdnSlice_isRefusedAndTheOthersAreUsed() {
    World world =
        World.of(
            service("svc", 80),
            slice("names", "svc", "FQDN", "", 80, ready("example.org")),
            slice("svc", 80, "10.0.0.1"),
            web(80));

    assertEquals(List.of("10.0.0.1:80"), world.endpoints("default/svc/80"));
    Verdict verdict = world.verdict(ObjectRef.endpointSlice("default", "names"), "addressType");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("FQDN"), verdict.message());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "example.org", "010.0.0.1", "10.0.0.256", "10.0.0", "0x7f.0.0.1", "2130706433",
        "fe80::1%eth0", "[::1]", "1::2::3", "10.0.0.1 ", "10.0.0.1:", ":"
      })
  void endpoints_addressThatIsNone_isRefusedAndTheOthersAreUsed(String address) {
    World world =
        World.of(
            service("svc", 80),
            slice("s", "svc", "IPv4", "", 80, ready("10.0.0.1", address)),
            web(80));

    assertEquals(List.of("10.0.0.1:80"), world.endpoints("default/svc/80"));
    Verdict verdict =
        world.verdict(ObjectRef.endpointSlice("default", "s"), "endpoints[1].addresses");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("\"" + address + "\""), verdict.message());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1", "0.0.0.0", "169.254.169.254", "::1", "fe80::1", "::ffff:127.0.0.1", "224.0.0.1"
      })
  void endpoints_addressThatNoPodHas_isRefusedAndTheOthersAreUsed(String address) {
    World world =
        World.of(
            service("svc", 80),
            slice("s", "svc", "IPv4", "", 80, ready("10.0.0.1", address)),
            web(80));

    assertEquals(List.of("10.0.0.1:80"), world.endpoints("default/svc/80"));
    Verdict verdict =
        world.verdict(ObjectRef.endpointSlice("default", "s"), "endpoints[1].addresses");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains(address), verdict.message());
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, allowLoopbackEndpoints, true",
    "169.254.169.254, allowLoopbackEndpoints, false"
  })
  void endpoints_refusedAddress_isToldOfTheSettingThatWouldAllowIt(
      String address, String setting, boolean told) {
    World world = World.of(slice("s", "svc", "IPv4", "", 80, ready(address)));

    String fix =
        world.verdict(ObjectRef.endpointSlice("default", "s"), "endpoints[0].addresses").fix();
    assertEquals(told, fix.contains(setting), fix);
  }

  @Test
  void endpoints_withoutAnAddress_isRefusedAndTheOthersAreUsed() {
    List<EndpointSliceRecord.Endpoint> endpoints = new ArrayList<>(ready("10.0.0.1"));
    endpoints.add(new EndpointSliceRecord.Endpoint(List.of(), true, true, false));
    World world =
        World.of(
            service("svc", 80), slice("s", "svc", "IPv4", "", 80, endpoints), web(80));

    assertEquals(List.of("10.0.0.1:80"), world.endpoints("default/svc/80"));
    Verdict verdict =
        world.verdict(ObjectRef.endpointSlice("default", "s"), "endpoints[1].addresses");
    assertEquals("the list is empty", verdict.message());
  }

  @ParameterizedTest
  @CsvSource({"-1, false", "0, false", "1, true", "65535, true", "65536, false"})
  void endpoints_portOfASlice_isUsedWhereItIsAPort(int port, boolean used) {
    World world = World.of(service("svc", 80), slice("svc", port, "10.0.0.1"), web(80));

    assertEquals(
        used ? List.of("10.0.0.1:" + port) : List.of(), world.endpoints("default/svc/80"));
  }

  @Test
  void endpoints_loopbackAllowedLater_isUsedAndNoLongerRefused() {
    World world =
        World.of(
            service("svc", 80),
            slice("s", "svc", "IPv4", "", 80, ready("127.0.0.1", "169.254.169.254")),
            web(80));
    assertEquals(Reason.NoEndpoints, world.verdict("web", BACKEND).reason());
    assertTrue(
        world.verdict("web", BACKEND).fix().contains("EndpointSlice default/s"),
        world.verdict("web", BACKEND).fix());

    world.configure(
        World.DEFAULTS.with(World.DEFAULTS.services().allowingLoopbackEndpoints(true)));

    assertEquals(List.of("127.0.0.1:80"), world.endpoints("default/svc/80"));
    assertTrue(
        world.verdicts(ObjectRef.ingress("default", "web")).stream()
            .noneMatch(Verdict::isFinding));
    assertEquals(
        List.of("endpoints[1].addresses"),
        world.verdicts(ObjectRef.endpointSlice("default", "s")).stream()
            .map(Verdict::field)
            .toList());
  }

  @Test
  void endpoints_sliceWithRefusedAddressComesLater_verdictNamesIt() {
    World world = World.of(service("svc", 80), web(80));
    assertTrue(world.verdict("web", BACKEND).fix().contains("pods"));

    world.apply(slice("s", "svc", "IPv4", "", 80, ready("127.0.0.1")));

    assertTrue(world.verdict("web", BACKEND).fix().contains("EndpointSlice default/s"));
  }

  @Test
  void verdicts_tenRefusedEndpoints_areEachTold() {
    String[] addresses = new String[10];
    Arrays.setAll(addresses, i -> "127.0.0.1");
    World world = World.of(slice("s", "svc", "IPv4", "", 80, ready(addresses)));

    List<Verdict> verdicts = world.verdicts(ObjectRef.endpointSlice("default", "s"));

    assertEquals(10, verdicts.size());
    assertTrue(verdicts.stream().noneMatch(verdict -> verdict.field().equals("endpoints")));
  }

  @Test
  void verdicts_manyRefusedEndpoints_areToldInFewLines() {
    String[] addresses = new String[1000];
    Arrays.setAll(addresses, i -> "127.0.0.1");
    World world =
        World.of(
            service("svc", 80), slice("s", "svc", "IPv4", "", 80, ready(addresses)), web(80));

    List<Verdict> verdicts = world.verdicts(ObjectRef.endpointSlice("default", "s"));

    assertEquals(11, verdicts.size());
    assertTrue(
        verdicts.stream().anyMatch(verdict -> verdict.message().startsWith("1000 of 1000")),
        verdicts.toString());
  }

  @Test
  void endpoints_someReady_onlyThoseAreUsed() {
    World world =
        World.of(
            service("svc", 80),
            slice(
                "s",
                "svc",
                "IPv4",
                "",
                80,
                List.of(
                    draining("10.0.0.1"),
                    dead("10.0.0.2"),
                    starting("10.0.0.3"),
                    ready("10.0.0.4").getFirst())),
            web(80));

    assertEquals(List.of("10.0.0.4:80"), world.endpoints("default/svc/80"));
  }

  @Test
  void endpoints_noneReady_servingWhileTerminatingAreUsed() {
    World world =
        World.of(
            service("svc", 80),
            slice(
                "s",
                "svc",
                "IPv4",
                "",
                80,
                List.of(draining("10.0.0.1"), dead("10.0.0.2"), starting("10.0.0.3"))),
            web(80));

    assertEquals(List.of("10.0.0.1:80"), world.endpoints("default/svc/80"));
    assertEquals(Reason.Accepted, world.verdict("web", "spec.rules[0].http.paths[0]").reason());
  }

  @Test
  void endpoints_none_isSaidAndTakenBack() {
    World world = World.of(service("svc", 80), web(80));
    Verdict verdict = world.verdict("web", BACKEND);
    assertEquals(Reason.NoEndpoints, verdict.reason());
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome());
    assertTrue(verdict.message().contains("Service default/svc port 80"), verdict.message());
    assertTrue(verdict.message().contains("503"), verdict.message());
    assertEquals(List.of(), world.endpoints("default/svc/80"));

    world.apply(slice("svc", 8080, "10.0.0.1"));

    assertEquals(
        Reason.Accepted, world.verdict("web", "spec.rules[0].http.paths[0]").reason());
  }

  @Test
  void endpoints_ofDefaultBackendThatNoRequestReaches_areSaidAndTakenBackAllTheSame() {
    World world =
        World.of(
            service("svc", 80),
            service("def", 80),
            ingress("plain").ordinal(0).defaultBackend("svc", 80).build(),
            ingress("web")
                .ordinal(1)
                .defaultBackend("def", 80)
                .host("x.com")
                .prefix("/", "svc", 80)
                .build());
    assertEquals(Reason.NoEndpoints, world.verdict("web", "spec.defaultBackend").reason());

    world.apply(slice("def", 80, "10.0.0.1"));

    assertEquals(Reason.Accepted, world.verdict("web", "spec.defaultBackend").reason());
  }

  @Test
  void service_missing_is503ForExactlyThatPath() {
    World world =
        World.of(
            service("svc", 80),
            ingress("web")
                .defaultBackend("svc", 80)
                .host("x.com")
                .prefix("/gone", "gone", 80)
                .prefix("/", "svc", 80)
                .build());

    assertEquals("503", world.request("x.com", "/gone/x"));
    assertEquals("default/svc/80", world.request("x.com", "/gonefishing"));
    Verdict verdict = world.verdict("web", BACKEND);
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertEquals(Reason.BackendNotFound, verdict.reason());
    assertTrue(verdict.message().contains("Service default/gone does not exist"));
  }

  @Test
  void service_comesAndGoes_routeFollows() {
    World world = World.of(web(80));
    assertEquals("503", world.request("x.com", "/"));
    world.apply(service("svc", 80));
    assertEquals("default/svc/80", world.request("x.com", "/"));

    world.delete(ObjectRef.service("default", "svc"));

    assertEquals("503", world.request("x.com", "/"));
    assertFalse(world.has(ResourceType.CLUSTER, "default/svc/80"));
    assertFalse(world.has(ResourceType.ENDPOINT, "default/svc/80"));
  }

  @ParameterizedTest
  @CsvSource({"8080", "http"})
  void port_thatTheServiceLacks_is503AndListsWhatItHas(String port) {
    Object wanted = port.equals("http") ? port : Integer.valueOf(port);
    World world = World.of(service("svc", port("web", 80), port("admin", 9000)), web(wanted));

    assertEquals("503", world.request("x.com", "/"));
    Verdict verdict = world.verdict("web", BACKEND);
    assertEquals(Reason.BackendNotFound, verdict.reason());
    assertTrue(verdict.message().contains(port), verdict.message());
    assertTrue(verdict.message().contains("80 (web), 9000 (admin)"), verdict.message());
  }

  @Test
  void port_ofUdp_is503() {
    ServiceRecord dns =
        service("svc", new ServiceRecord.Port("dns", 53, "UDP", null));
    World world = World.of(dns, web(53));

    assertEquals("503", world.request("x.com", "/"));
    assertTrue(world.verdict("web", BACKEND).message().contains("UDP"));
  }

  @Test
  void port_ofUdpAndTcp_tcpIsTaken() {
    ServiceRecord both =
        service("svc", new ServiceRecord.Port("udp", 80, "UDP", null), port("tcp", 80));
    World world =
        World.of(both, web(80), slice("s", "svc", "IPv4", "tcp", 8080, ready("10.0.0.1")));

    assertEquals("default/svc/80", world.request("x.com", "/"));
    assertEquals(List.of("10.0.0.1:8080"), world.endpoints("default/svc/80"));
  }

  @Test
  void port_numberTwiceInOneService_firstIsWhatTheNumberMeans() {
    ServiceRecord twice = service("svc", port("a", 80), port("b", 80));
    World world =
        World.of(
            twice,
            slice("a", "svc", "IPv4", "a", 1111, ready("10.0.0.1")),
            slice("b", "svc", "IPv4", "b", 2222, ready("10.0.0.2")),
            ingress("web")
                .host("x.com")
                .prefix("/", "svc", "a")
                .prefix("/b", "svc", "b")
                .build());

    assertEquals(List.of("10.0.0.1:1111"), world.endpoints("default/svc/80"));
    assertEquals("503", world.request("x.com", "/b"));
    assertTrue(
        world
            .verdict("web", "spec.rules[0].http.paths[1].backend")
            .message()
            .contains("more than once"));
  }

  static Stream<Arguments> malformedBackends() {
    return Stream.of(
        Arguments.of(null, ".backend", "missing"),
        Arguments.of(new Backend(null, null), ".backend", "neither service nor resource"),
        Arguments.of(
            new Backend(
                new ServiceBackend("svc", null, 80),
                new IngressRecord.ResourceBackend(null, "X", "x")),
            ".backend",
            "both service and resource"),
        Arguments.of(resource("Bucket", "b"), ".backend.resource", "Bucket"),
        Arguments.of(
            new Backend(new ServiceBackend(null, null, 80), null), ".backend.service", "name"),
        Arguments.of(
            new Backend(new ServiceBackend("", null, 80), null), ".backend.service", "name"),
        Arguments.of(
            new Backend(new ServiceBackend("a/b", null, 80), null),
            ".backend.service.name",
            "\"a/b\""),
        Arguments.of(
            new Backend(new ServiceBackend("svc", null, null), null),
            ".backend.service.port",
            "neither"),
        Arguments.of(
            new Backend(new ServiceBackend("svc", "http", 80), null),
            ".backend.service.port",
            "both"),
        Arguments.of(
            new Backend(new ServiceBackend("svc", null, -1), null),
            ".backend.service.port.number",
            "-1"),
        Arguments.of(
            new Backend(new ServiceBackend("svc", null, 65_536), null),
            ".backend.service.port.number",
            "65536"));
  }

  @ParameterizedTest
  @MethodSource("malformedBackends")
  void backend_malformed_isRefusedAnd503ForExactlyThatPath(
      @Nullable Backend backend, String field, String word) {
    World world =
        World.of(
            service("svc", 80),
            ingress("web")
                .host("x.com")
                .path("/bad", "Prefix", backend)
                .prefix("/", "svc", 80)
                .build());

    assertEquals("503", world.request("x.com", "/bad"));
    assertEquals("default/svc/80", world.request("x.com", "/good"));
    Verdict verdict = world.verdict("web", "spec.rules[0].http.paths[0]" + field);
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains(word), verdict.message());
    assertFalse(verdict.fix().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 65_535})
  void backend_portNumberAtTheBounds_isServed(int port) {
    World world = World.of(service("svc", port), web(port));

    assertEquals("default/svc/" + port, world.request("x.com", "/"));
  }

  @Test
  void path_withSeveralMistakes_isToldAllOfThem() {
    Backend backend = new Backend(new ServiceBackend("A_", null, 99_999), null);
    World world = World.of(ingress("web").host("x.com").path("/a", "Foo", backend).build());

    String path = "spec.rules[0].http.paths[0]";
    for (String field : List.of("", ".backend.service.name", ".backend.service.port.number")) {
      assertEquals(Outcome.REFUSED, world.verdict("web", path + field).outcome());
    }
  }

  @ParameterizedTest
  @CsvSource({
    ",                    false, false, APPLIED",
    "'',                  false, false, APPLIED",
    "http,                false, false, APPLIED",
    "https,               false, true,  APPLIED",
    "kubernetes.io/ws,    false, false, APPLIED",
    "kubernetes.io/wss,   false, true,  APPLIED",
    "kubernetes.io/h2c,   true,  false, APPLIED",
    "grpc,                true,  false, APPLIED",
    "mongodb,             false, false, APPLIED_WITH_DIFFERENCE",
    "HTTPS,               false, false, APPLIED_WITH_DIFFERENCE",
  })
  void appProtocol_anyValue_saysHowTheBackendIsSpokenTo(
      @Nullable String appProtocol, boolean http2, boolean tls, Outcome outcome)
      throws InvalidProtocolBufferException {
    World world =
        World.of(
            service("svc", port("", 443, appProtocol)), slice("svc", 443, "10.0.0.1"), web(443));

    Cluster cluster = world.cluster("default/svc/443");
    HttpProtocolOptions options =
        cluster
            .getTypedExtensionProtocolOptionsOrThrow(
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions")
            .unpack(HttpProtocolOptions.class);
    assertEquals(http2, options.getExplicitHttpConfig().hasHttp2ProtocolOptions());
    assertEquals(tls, cluster.hasTransportSocket());
    if (tls) {
      assertEquals(
          List.of("http/1.1"),
          List.copyOf(
              cluster
                  .getTransportSocket()
                  .getTypedConfig()
                  .unpack(UpstreamTlsContext.class)
                  .getCommonTlsContext()
                  .getAlpnProtocolsList()));
    }
    List<Verdict> verdicts = world.verdicts(ObjectRef.ingress("default", "web"));
    assertEquals(
        outcome, verdicts.stream().map(Verdict::outcome).max(Enum::compareTo).orElseThrow());
    if (outcome != Outcome.APPLIED) {
      assertTrue(verdicts.getFirst().message().contains("\"" + appProtocol + "\""));
    }
  }

  @Test
  void appProtocol_changes_onlyTheClusterIsWrittenAnew() {
    World world = World.of(service("svc", 80), slice("svc", 80, "10.0.0.1"), web(80));

    Update update = world.apply(service("svc", port("", 80, "kubernetes.io/h2c")));

    assertEquals(
        List.of(ResourceType.CLUSTER), update.changed().stream().map(Resource::type).toList());
  }

  @Test
  void externalName_notAllowed_is503AndSaysWhich() {
    World world = World.of(external("svc", "example.org"), web(80));

    assertEquals("503", world.request("x.com", "/"));
    Verdict verdict = world.verdict("web", BACKEND);
    assertEquals(Reason.Unsupported, verdict.reason());
    assertTrue(verdict.fix().contains("--allow-external-name"), verdict.fix());
  }

  @Test
  void externalName_allowed_isResolvedByItsFullName() {
    World world = new World(EXTERNAL);
    world.apply(external("svc", "Example.ORG."), web(80));

    assertEquals("default/svc/80", world.request("x.com", "/"));
    Cluster cluster = world.cluster("default/svc/80");
    assertEquals(Cluster.DiscoveryType.STRICT_DNS, cluster.getType());
    assertEquals(
        "example.org.",
        cluster
            .getLoadAssignment()
            .getEndpoints(0)
            .getLbEndpoints(0)
            .getEndpoint()
            .getAddress()
            .getSocketAddress()
            .getAddress());
    assertFalse(world.has(ResourceType.ENDPOINT, "default/svc/80"));
  }

  @Test
  void externalName_portByName_needsThePortInTheService() {
    World world = new World(EXTERNAL);
    world.apply(external("svc", "example.org"), web("http"));
    assertEquals("503", world.request("x.com", "/"));
    assertTrue(world.verdict("web", BACKEND).fix().contains("number"));

    world.apply(external("svc", "example.org", port("http", 8080)));

    assertEquals("default/svc/8080", world.request("x.com", "/"));
  }

  @Test
  void servicePort_outOfRange_is503AndSaysSo() {
    World world = new World(EXTERNAL);
    world.apply(external("svc", "example.org", port("http", 70_000)), web("http"));

    assertEquals("503", world.request("x.com", "/"));
    assertTrue(world.verdict("web", BACKEND).message().contains("70000"));
  }

  @ParameterizedTest
  @CsvSource({"0, 503", "1, default/svc/1", "65535, default/svc/65535", "65536, 503"})
  void servicePort_anyNumber_isTakenWhereItIsAPort(int number, String expected) {
    World world = World.of(service("svc", port("http", number)), web("http"));

    assertEquals(expected, world.request("x.com", "/"));
  }

  @ParameterizedTest
  @CsvSource({"mongodb, true", "http, false"})
  void externalName_appProtocol_isToldWhereItIsNotKnown(String appProtocol, boolean told) {
    World world = new World(EXTERNAL);
    world.apply(external("svc", "example.org", port("", 80, appProtocol)), web(80));

    assertEquals("default/svc/80", world.request("x.com", "/"));
    assertEquals(
        told,
        world.verdicts(ObjectRef.ingress("default", "web")).stream()
            .anyMatch(verdict -> verdict.message().contains("\"mongodb\"")));
  }

  @Test
  void externalName_serviceBecomesAnOrdinaryOne_clusterAndEndpointsFollow() {
    World world = new World(EXTERNAL);
    world.apply(external("svc", "example.org", port("", 80)), web(80));

    world.apply(service("svc", 80), slice("svc", 80, "10.0.0.1"));
    assertEquals(Cluster.DiscoveryType.EDS, world.cluster("default/svc/80").getType());
    assertEquals(List.of("10.0.0.1:80"), world.endpoints("default/svc/80"));

    world.apply(external("svc", "example.org", port("", 80)));
    assertEquals(Cluster.DiscoveryType.STRICT_DNS, world.cluster("default/svc/80").getType());
    assertFalse(world.has(ResourceType.ENDPOINT, "default/svc/80"));
  }

  @Test
  void externalName_allowedLater_isLive() {
    World world =
        World.of(
            external("svc", "example.org"),
            external("def", "example.net"),
            web(80),
            ingress("plain").defaultBackend("def", 80).build());

    world.configure(EXTERNAL);

    assertEquals("default/svc/80", world.request("x.com", "/"));
    assertEquals("default/def/80", world.request("unknown.com", "/"));
    assertEquals(Reason.Accepted, world.verdict("plain", "spec.defaultBackend").reason());
  }

  @Test
  void verdict_serviceThatNobodyUses_isNotAFinding() {
    World world = World.of(service("svc", 80));

    Verdict verdict = world.verdict(ObjectRef.service("default", "svc"), "");
    assertEquals(Reason.NotUsed, verdict.reason());
    assertFalse(verdict.isFinding());

    world.apply(web(80));

    assertEquals(
        Reason.Accepted, world.verdict(ObjectRef.service("default", "svc"), "").reason());
  }

  @Test
  void verdict_sliceWithoutServiceLabel_saysSo() {
    List<EndpointSliceRecord.Endpoint> endpoints = new ArrayList<>(ready("10.0.0.1"));
    World world =
        World.of(
            new EndpointSliceRecord(
                ObjectRef.endpointSlice("default", "s"), null, "IPv4", List.of(), endpoints));

    Verdict verdict = world.verdict(ObjectRef.endpointSlice("default", "s"), "metadata.labels");
    assertTrue(verdict.message().contains("kubernetes.io/service-name"), verdict.message());
  }
}
