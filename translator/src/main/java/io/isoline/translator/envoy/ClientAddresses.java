package io.isoline.translator.envoy;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.isoline.translator.text.IpRange;
import java.util.ArrayList;
import java.util.List;

/** Writes ranges of addresses of clients. */
final class ClientAddresses {

  private ClientAddresses() {}

  /**
   * The ranges. Proxies with sockets for both protocols call an IPv4 client {@code ::ffff:a.b.c.d},
   * which Envoy takes for IPv6, so those of IPv4 are there in that form, too.
   */
  static List<CidrRange> ranges(List<IpRange> ranges) {
    List<CidrRange> all = new ArrayList<>();
    for (IpRange range : ranges) {
      all.add(range(range));
      if (range.isIpv4()) {
        all.add(range(range.mapped()));
      }
    }
    return all;
  }

  private static CidrRange range(IpRange range) {
    return CidrRange.newBuilder()
        .setAddressPrefix(range.address())
        .setPrefixLen(UInt32Value.of(range.bits()))
        .build();
  }
}
