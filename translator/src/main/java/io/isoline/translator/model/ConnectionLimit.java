package io.isoline.translator.model;

import io.isoline.translator.text.IpRange;
import java.util.List;

/**
 * How many requests of one client may be under way at a time by the routes that have the same counter;
 * what is more gets 503.
 *
 * @param counter whose requests are counted together; the Namespace is what is before its slash
 * @param most 1 to 65,535
 * @param exempt addresses of clients that are not counted
 */
public record ConnectionLimit(String counter, int most, List<IpRange> exempt)
    implements RouteOption {

  public ConnectionLimit {
    exempt = List.copyOf(exempt);
  }
}
