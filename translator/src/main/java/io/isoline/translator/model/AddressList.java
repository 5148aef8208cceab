package io.isoline.translator.model;

import io.isoline.translator.text.IpRange;
import java.util.List;

/**
 * From which addresses a route takes requests; others get 403.
 *
 * @param allowed empty for all
 * @param denied these get 403 although they are allowed
 */
public record AddressList(List<IpRange> allowed, List<IpRange> denied) implements RouteOption {
  public AddressList {
    allowed = List.copyOf(allowed);
    denied = List.copyOf(denied);
  }
}
