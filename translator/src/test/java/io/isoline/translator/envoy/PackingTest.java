package io.isoline.translator.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PackingTest {

  private static final VirtualHost A = VirtualHost.newBuilder().setName("a").build();
  private static final VirtualHost B = VirtualHost.newBuilder().setName("b").build();
  private static final RouteConfiguration HEAD =
      RouteConfiguration.newBuilder().setName("r").build();

  private static Resource routes(VirtualHost... virtualHosts) {
    return Packing.resource(
        ResourceType.ROUTE,
        "r",
        HEAD,
        RouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER,
        List.of(virtualHosts).stream().map(Packing::part).toList());
  }

  @Test
  void resource_ofParts_parsesToTheWhole() throws Exception {
    assertEquals(
        HEAD.toBuilder().addVirtualHosts(A).addVirtualHosts(B).build(),
        routes(A, B).body().unpack(RouteConfiguration.class));
  }

  @Test
  void version_equalContent_isEqualAndOtherContentIsNot() {
    assertEquals(routes(A, B).version(), routes(A, B).version());
    assertNotEquals(routes(A, B).version(), routes(B, A).version());
    assertNotEquals(routes(A).version(), routes(A, B).version());
    assertNotEquals(routes().version(), routes(VirtualHost.getDefaultInstance()).version());
  }

  @Test
  void any_mapsFilledInAnotherOrder_areTheSameBytes() {
    Struct.Builder up = Struct.newBuilder();
    Struct.Builder down = Struct.newBuilder();
    for (int i = 0; i < 100; i++) {
      up.putFields("k" + i, Value.newBuilder().setNumberValue(i).build());
      down.putFields("k" + (99 - i), Value.newBuilder().setNumberValue(99 - i).build());
    }

    assertEquals(Packing.any(up.build()), Packing.any(down.build()));
  }
}
