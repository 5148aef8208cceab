package io.isoline.controlplane.counts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.grpc.Metadata;
import io.isoline.translator.credentials.ConnectionCount;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountedRouteTest {

  private static @Nullable CountedRoute read(
      @Nullable String counter, @Nullable String most, @Nullable String exempt) {
    Metadata headers = new Metadata();
    put(headers, ConnectionCount.COUNTER, counter);
    put(headers, ConnectionCount.MOST, most);
    put(headers, ConnectionCount.EXEMPT, exempt);
    return CountedRoute.read(headers);
  }

  private static void put(Metadata headers, String name, @Nullable String value) {
    if (value != null) {
      headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0, true",
    "192.0.2.255, true",
    "192.0.3.0, false",
    "10.1.0.1, true",
    "10.1.0.2, false",
    "2001:db8:1234::1, true",
    "2001:db9::1, false",
    "::192.0.2.1, false",
  })
  void exempts_addressesOfItsRanges(String client, boolean exempt) {
    CountedRoute route = read("a/web", "10", "192.0.2.0/24,10.1.0.1/32,2001:db8::/33");
    assertNotNull(route);
    assertEquals(exempt, route.exempts(InetAddress.ofLiteral(client)));
  }

  @Test
  void read_withoutExempt_exemptsNobody() {
    CountedRoute route = read("a/web", "10", null);
    assertEquals(10, route == null ? 0 : route.most());
    assertEquals(false, route != null && route.exempts(InetAddress.ofLiteral("192.0.2.1")));
  }

  /** Nobody passes by a limit that is not understood. */
  @Test
  void read_anythingElse_isNone() {
    assertNull(read(null, "10", null));
    assertNull(read("a/web", null, null));
    for (String most : new String[] {"", "0", "-1", "1.5", "x", "100000"}) {
      assertNull(read("a/web", most, null), most);
    }
    for (String exempt : new String[] {"", "x", "10.0.0.1,", "10.0.0.0/33"}) {
      assertNull(read("a/web", "10", exempt), exempt);
    }
  }
}
