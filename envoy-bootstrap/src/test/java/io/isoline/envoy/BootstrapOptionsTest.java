package io.isoline.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapOptionsTest {
  private static final Address XDS = new Address.Socket("127.0.0.1", 18000);
  private static final Address ADMIN = new Address.Pipe(Path.of("/run/isoline/admin.sock"));

  private static BootstrapOptions.Builder builder() {
    return BootstrapOptions.builder(XDS, ADMIN);
  }

  private static String refusal(BootstrapOptions.Builder builder) {
    String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
    return String.valueOf(message);
  }

  @Test
  void build_addressesOnly_hasDefaults() {
    BootstrapOptions options = builder().build();
    assertEquals(XdsProtocol.DELTA, options.protocol());
    assertEquals(50_000, options.maxDownstreamConnections());
    assertTrue(options.maxHeapBytes().isEmpty());
    assertEquals(Duration.ZERO, options.initialFetchTimeout());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void build_adminThatOthersReach_isRefusedUnlessAllowed(String host) {
    BootstrapOptions.Builder open = BootstrapOptions.builder(XDS, new Address.Socket(host, 9901));
    assertTrue(refusal(open).contains("loopback"));
    assertEquals(host, ((Address.Socket) open.adminOnAnyAddress(true).build().admin()).host());
  }

  @Test
  void build_statsBeforeAnAdminPortNobodyKnows_isRefused() {
    String message =
        refusal(
            BootstrapOptions.builder(XDS, new Address.Socket("127.0.0.1", 0))
                .stats(new Address.Socket("127.0.0.1", 8002)));
    assertTrue(message.contains("port of its own"), message);
  }

  @Test
  void build_statsOnTheAdminAddress_isRefused() {
    Address.Socket same = new Address.Socket("127.0.0.1", 9901);
    assertTrue(refusal(BootstrapOptions.builder(XDS, same).stats(same)).contains("same address"));
  }

  @Test
  void build_controlPlaneWithoutPort_isRefused() {
    assertTrue(
        refusal(BootstrapOptions.builder(new Address.Socket("cp", 0), ADMIN)).contains("port"));
  }

  @Test
  void build_valuesOutOfRange_areRefused() {
    assertTrue(refusal(builder().nodeId(" ")).contains("node id"));
    assertTrue(refusal(builder().nodeCluster("a\nb")).contains("node cluster"));
    assertTrue(refusal(builder().maxHeapBytes(1 << 20)).contains("heap"));
    assertTrue(refusal(builder().maxDownstreamConnections(0)).contains("connections"));
    assertTrue(refusal(builder().maxRegexProgramSize(0)).contains("regex"));
    assertTrue(refusal(builder().initialFetchTimeout(Duration.ofMillis(-1))).contains("fetch"));
  }
}
