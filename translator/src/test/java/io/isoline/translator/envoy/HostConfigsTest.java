package io.isoline.translator.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.Any;
import com.google.protobuf.StringValue;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostConfigsTest {

  private static final Any LONG = Any.pack(StringValue.of("a".repeat(1_000)));
  private static final Any NONE = Any.getDefaultInstance();
  private static final Any SHORT = Any.pack(StringValue.of("a"));

  private static VirtualHost shared(Any... configs) {
    VirtualHost.Builder host = VirtualHost.newBuilder();
    for (Any config : configs) {
      Route.Builder route = host.addRoutesBuilder();
      if (!config.equals(NONE)) {
        route.putTypedPerFilterConfig(AccessFilter.NAME, config);
      }
    }
    HostConfigs.share(host);
    return host.build();
  }

  private static List<Any> ofRoutes(VirtualHost host) {
    return host.getRoutesList().stream()
        .map(route -> route.getTypedPerFilterConfigOrDefault(AccessFilter.NAME, NONE))
        .toList();
  }

  @Test
  void sameInSeveralRoutes_isSaidOnce_andOthersSayThatItIsNotForThem() {
    VirtualHost host = shared(LONG, NONE, LONG);
    assertEquals(LONG, host.getTypedPerFilterConfigOrThrow(AccessFilter.NAME));
    assertEquals(List.of(NONE, AccessFilter.NOTHING, NONE), ofRoutes(host));
  }

  @Test
  void differentOnes_stayWhereTheyAre() {
    VirtualHost host = shared(LONG, LONG, LONG, SHORT);
    assertFalse(host.containsTypedPerFilterConfig(AccessFilter.NAME));
    assertEquals(List.of(LONG, LONG, LONG, SHORT), ofRoutes(host));
  }

  @Test
  void whatIsNoSmallerThen_staysWhereItIs() {
    assertFalse(shared(LONG).containsTypedPerFilterConfig(AccessFilter.NAME));
    assertFalse(shared(SHORT, SHORT, NONE).containsTypedPerFilterConfig(AccessFilter.NAME));
    assertEquals(0, shared(NONE, NONE).getTypedPerFilterConfigCount());
  }
}
