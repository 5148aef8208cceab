package io.isoline.controlplane.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import io.isoline.controlplane.status.Election;
import io.isoline.controlplane.status.Publication;
import io.isoline.controlplane.status.StatusSettings;
import io.isoline.controlplane.terminal.Failure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

final class StatusOptionsTest {

  private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");
  private static final InetAddress ONE = InetAddress.ofLiteral("127.0.0.7");

  @Command
  private static final class Options {
    @Mixin private final StatusOptions status = new StatusOptions();
  }

  @Test
  void read_nothing_electsByTheUsualLeaseAndPublishesNothing() throws Failure {
    StatusSettings settings = read(Map.of("POD_NAME", "isoline-0"), "isoline-system", ONE);
    assertEquals(new Publication.Nothing(), settings.publication());
    assertEquals(
        new Election("isoline-system", "isoline-leader", "isoline-0", "127.0.0.7"),
        settings.election());
  }

  @Test
  void read_service_isThatService() throws Failure {
    assertEquals(
        new Publication.OfService("isoline-system", "envoy"),
        read("--publish-service", "isoline-system/envoy").publication());
  }

  @Test
  void read_addresses_areThoseOnce() throws Failure {
    assertEquals(
        new Publication.Fixed(
            List.of(
                new PublishedAddress("192.0.2.1", null),
                new PublishedAddress(null, "lb.example.com"),
                new PublishedAddress("2001:db8::1", null))),
        read(
                "--publish-status-address=192.0.2.1",
                "--publish-status-address=lb.example.com",
                "--publish-status-address=192.0.2.1",
                "--publish-status-address=2001:db8::1")
            .publication());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--publish-service",
        "--publish-service=a/b/c",
        "--publish-service=a",
        "--lease=/a"
      })
  void read_noNamespaceAndName_isRefused(String argument) {
    String option = argument.replaceFirst("=.*", "");
    Failure failure =
        assertThrows(
            Failure.class, () -> read(argument.contains("=") ? argument : argument + "=A/b"));
    assertTrue(String.valueOf(failure.getMessage()).startsWith(option), failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.256", "1:2", "Example.com", "http://a", ""})
  void read_noAddress_isRefused(String address) {
    assertThrows(Failure.class, () -> read("--publish-status-address=" + address));
  }

  @Test
  void read_serviceAndAddress_isRefused() {
    assertThrows(
        Failure.class, () -> read("--publish-service=a/b", "--publish-status-address=1.2.3.4"));
  }

  @Test
  void read_noElection_needsNothing() throws Failure {
    assertNull(read(Map.of(), null, ANY, "--no-leader-election").election());
  }

  @Test
  void read_noNamespace_asksForTheLease() {
    Failure failure = assertThrows(Failure.class, () -> read(Map.of(), null, ONE));
    assertTrue(String.valueOf(failure.getMessage()).contains("--lease"), failure.getMessage());
  }

  @Test
  void read_listensOnAllAddresses_isReachedAtThatOfThePod() throws Failure {
    assertEquals("198.51.100.7", host(Map.of("POD_IP", "198.51.100.7"), ANY));
    // The way to an API server on this machine leads over loopback.
    assertEquals("127.0.0.1", host(Map.of(), ANY));
    assertEquals("127.0.0.7", host(Map.of("POD_IP", "198.51.100.7"), ONE));
    assertEquals("isoline-0.isoline", host(Map.of(), ONE, "--advertise=isoline-0.isoline"));
  }

  @Test
  void read_identityWithAnAt_isRefused() {
    assertThrows(Failure.class, () -> read("--identity=a@b"));
  }

  private static String host(Map<String, String> environment, InetAddress listen, String... args)
      throws Failure {
    Election election = read(environment, "ns", listen, args).election();
    return election == null ? "" : election.host();
  }

  private static StatusSettings read(String... args) throws Failure {
    return read(Map.of(), "ns", ONE, args);
  }

  private static StatusSettings read(
      Map<String, String> environment,
      @Nullable String namespace,
      InetAddress listen,
      String... args)
      throws Failure {
    Options options = new Options();
    new CommandLine(options).parseArgs(args);
    return options.status.read(
        new StatusOptions.Surroundings(
            environment,
            namespace,
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 6443),
            listen),
        "isoline.io/ingress-controller",
        null);
  }
}
