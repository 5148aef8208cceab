package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.SettingsVariants.port;
import static io.isoline.translator.TestObjects.external;
import static io.isoline.translator.TestObjects.ready;
import static io.isoline.translator.TestObjects.service;
import static io.isoline.translator.TestObjects.slice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.settings.IngressSettings.DefaultBackend;
import io.isoline.translator.settings.PortService;
import io.isoline.translator.settings.PortService.Transport;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** From ports of the operator to listeners. */
final class PortsTest {

  private static final ObjectRef DB = ObjectRef.service("default", "db");

  /** TCP and UDP of one number. */
  private static final ServiceRecord RESOLVER =
      service(
          "dns",
          new ServiceRecord.Port("dns-tcp", 53, "TCP", null),
          new ServiceRecord.Port("dns", 53, "UDP", null));

  private static final EndpointSliceRecord RESOLVERS =
      new EndpointSliceRecord(
          ObjectRef.endpointSlice("default", "dns-1"),
          "dns",
          "IPv4",
          List.of(
              new EndpointSliceRecord.Port("dns-tcp", 5354, "TCP"),
              new EndpointSliceRecord.Port("dns", 5353, "UDP")),
          ready("10.0.0.1"));

  private static Settings with(PortService... ports) {
    return World.DEFAULTS.with(World.DEFAULTS.listeners().with(List.of(ports)));
  }

  private static PortService tcp(int port, String service, int number) {
    return port(Transport.TCP, port, "default", service, number, false, false);
  }

  private static PortService udp(int port, String service, int number) {
    return port(Transport.UDP, port, "default", service, number, false, false);
  }

  private static Set<String> listeners(World world) {
    return names(world, ResourceType.LISTENER);
  }

  private static Set<String> names(World world, ResourceType type) {
    return world.resources().keySet().stream()
        .filter(key -> key.type() == type)
        .map(Resource.Key::name)
        .collect(Collectors.toSet());
  }

  @Test
  void port_serviceThatComesAndGoes_hasAListenerMeanwhile() {
    World world = new World(with(tcp(9000, "db", 5432)));
    world.apply();
    assertEquals(Set.of("http", "https"), listeners(world));
    assertEquals(
        "Service default/db does not exist; so Envoy does not listen on TCP port 9000",
        world.verdict(DB, "").message());

    world.apply(service("db", 5432));
    assertEquals(Set.of("http", "https", "tcp-9000"), listeners(world));
    Verdict idle = world.verdict(DB, "");
    assertEquals(Reason.NoEndpoints, idle.reason());
    assertTrue(idle.message().endsWith("connections to TCP port 9000 are closed"), idle.message());

    Update update = world.apply(slice("db", 15_432, "10.0.0.1"));
    assertEquals(List.of("10.0.0.1:15432"), world.endpoints("default/db/5432"));
    assertEquals(
        "TCP port 9000 goes to Service default/db port 5432", world.verdict(DB, "").message());
    assertEquals(
        List.of(ResourceType.ENDPOINT),
        update.changed().stream().map(Resource::type).toList());

    world.delete(DB);
    assertEquals(Set.of("http", "https"), listeners(world));
    assertEquals(Reason.BackendNotFound, world.verdict(DB, "").reason());
    assertEquals(Set.of(), names(world, ResourceType.CLUSTER));
    assertEquals(Set.of(), names(world, ResourceType.ENDPOINT));
  }

  @Test
  void port_ofSettingsThatChange_isLive() {
    World world = new World(with());
    world.apply(service("db", 5432), slice("db", 15_432, "10.0.0.1"));
    assertEquals(Reason.NotUsed, world.verdict(DB, "").reason());

    world.configure(with(tcp(9000, "db", 5432), tcp(9001, "db", 5432), tcp(9002, "no", 1)));
    assertEquals(Set.of("http", "https", "tcp-9000", "tcp-9001"), listeners(world));
    assertEquals(2, world.verdicts(DB).size());
    assertEquals(1, world.verdicts(ObjectRef.service("default", "no")).size());

    world.configure(with(tcp(9001, "db", 5432), udp(9000, "db", 5432)));
    assertEquals(Set.of("http", "https", "tcp-9001"), listeners(world));
    assertEquals(
        List.of(Outcome.APPLIED, Outcome.REFUSED),
        world.verdicts(DB).stream().map(Verdict::outcome).toList());
    assertFalse(world.verdicts().containsKey(ObjectRef.service("default", "no")));

    world.configure(with());
    assertEquals(Set.of("http", "https"), listeners(world));
    assertEquals(Reason.NotUsed, world.verdict(DB, "").reason());
  }

  @Test
  void port_ofTcpAndUdpOfOneNumber_haveTheirOwnEndpoints() {
    World world = new World(with(tcp(53, "dns", 53), udp(53, "dns", 53)));
    world.apply(RESOLVER, RESOLVERS);

    assertEquals(Set.of("http", "https", "tcp-53", "udp-53"), listeners(world));
    assertEquals(List.of("10.0.0.1:5354"), world.endpoints("default/dns/53"));
    assertEquals(List.of("10.0.0.1:5353"), world.endpoints("default/dns/53/udp"));
    assertTrue(
        world.listener("udp-53").getAddress().getSocketAddress().getProtocolValue() == 1,
        "it listens for UDP");
  }

  @Test
  void port_byNameOfUdp_isFoundBesideOneOfTcp() {
    World world =
        new World(
            with(
                new PortService(
                    Transport.UDP,
                    53,
                    new DefaultBackend("default", "dns", "dns", 0),
                    false,
                    false)));
    world.apply(RESOLVER, RESOLVERS);
    assertEquals(List.of("10.0.0.1:5353"), world.endpoints("default/dns/53/udp"));
    assertEquals(Set.of("default/dns/53/udp"), names(world, ResourceType.CLUSTER));
  }

  @Test
  void port_ofTheOtherTransport_isRefused() {
    World world = new World(with(udp(9000, "db", 5432)));
    world.apply(service("db", 5432));
    assertEquals(
        "port 5432 of Service default/db is TCP, not UDP; so Envoy does not listen on UDP port 9000",
        world.verdict(DB, "").message());
    assertEquals("use a UDP port", world.verdict(DB, "").fix());
  }

  @Test
  void cluster_ofAPort_hasNothingOfHttp() {
    World world =
        new World(
            with(
                tcp(9000, "db", 5432),
                port(Transport.TCP, 9001, "default", "db", 5432, true, true)));
    world.apply(
        service("db", 5432),
        slice("db", 15_432, "10.0.0.1"),
        ingress("web").host("x.com").prefix("/", "db", 5432).build());

    Cluster tcp = world.cluster("default/db/5432/tcp");
    Cluster writing = world.cluster("default/db/5432/tcp_with_proxy");
    Cluster http = world.cluster("default/db/5432");
    assertEquals(0, tcp.getTypedExtensionProtocolOptionsCount());
    assertEquals(0, writing.getTypedExtensionProtocolOptionsCount());
    assertEquals(1, http.getTypedExtensionProtocolOptionsCount());
    assertFalse(tcp.hasTransportSocket());
    assertEquals(
        "envoy.transport_sockets.upstream_proxy_protocol", writing.getTransportSocket().getName());
    assertEquals(Set.of("default/db/5432"), names(world, ResourceType.ENDPOINT));
    assertEquals(0, world.listener("tcp-9000").getListenerFiltersCount());
    assertEquals(1, world.listener("tcp-9001").getListenerFiltersCount());
    // Two ports and an Ingress: each has its say.
    assertEquals(3, world.verdicts(DB).size());
    assertEquals(Reason.Accepted, world.verdict("web", "").reason());
  }

  @Test
  void port_ofAnExternalName_needsThatThisIsAllowed() {
    World world = new World(with(tcp(9000, "db", 5432)));
    world.apply(external("db", "db.example.org"));
    assertEquals(Reason.Unsupported, world.verdict(DB, "").reason());

    world.configure(
        with(tcp(9000, "db", 5432)).with(World.DEFAULTS.services().allowingExternalName(true)));
    assertEquals(Reason.Accepted, world.verdict(DB, "").reason());
    assertEquals(
        Cluster.DiscoveryType.STRICT_DNS, world.cluster("default/db/5432/tcp").getType());
  }

  @Test
  void defaultBackend_thatIsAlsoOfAPort_hasBothVerdicts() {
    Settings both =
        with(tcp(9000, "db", 5432))
            .with(
                World.DEFAULTS
                    .ingress()
                    .withDefaultBackend(new DefaultBackend("default", "db", null, 80)));
    World world = new World(both);
    world.apply(service("db", 5432));
    assertEquals(
        List.of(Reason.BackendNotFound, Reason.NoEndpoints),
        world.verdicts(DB).stream().map(Verdict::reason).toList());
  }

  @Test
  void origins_ofAListenerOfAPort_areItsService() {
    Translator translator = new Translator(with(tcp(9000, "db", 5432)));
    Resource.Key port = new Resource.Key(ResourceType.LISTENER, "tcp-9000");
    Resource.Key http = new Resource.Key(ResourceType.LISTENER, "http");
    assertEquals(Set.of(DB), translator.origins(port));
    assertFalse(translator.isShared(port));
    assertEquals(Set.of(), translator.origins(http));
    assertTrue(translator.isShared(http));
  }
}
