package io.isoline.translator.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.Any;
import com.google.protobuf.StringValue;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HostConfigsTest {

  private static final Any LONG = Any.pack(StringValue.of("a".repeat(1_000)));
  private static final Any SHORT = Any.pack(StringValue.of("a"));

  private static VirtualHost shared(@Nullable Any... configs) {
    VirtualHost.Builder host = VirtualHost.newBuilder();
    for (Any config : configs) {
      Route.Builder route = host.addRoutesBuilder();
      if (config != null) {
        route.putTypedPerFilterConfig(AccessFilter.NAME, config);
      }
    }
    HostConfigs.share(host);
    return host.build();
  }

  private static List<@Nullable Any> ofRoutes(VirtualHost host) {
    return host.getRoutesList().stream()
        .map(route -> route.getTypedPerFilterConfigMap().get(AccessFilter.NAME))
        .toList();
  }

  @Test
  void sameInSeveralRoutes_isSaidOnce_andOthersSayThatItIsNotForThem() {
    VirtualHost host = shared(LONG, null, LONG);
    assertEquals(LONG, host.getTypedPerFilterConfigOrThrow(AccessFilter.NAME));
    assertEquals(Arrays.asList(null, AccessFilter.NOTHING, null), ofRoutes(host));
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
    assertFalse(shared(SHORT, SHORT, null).containsTypedPerFilterConfig(AccessFilter.NAME));
    assertEquals(0, shared(new Any[] {null, null}).getTypedPerFilterConfigCount());
  }
}
