package io.isoline.translator.model;

import io.isoline.translator.text.IpRange;
import java.time.Duration;
import java.util.List;

/**
 * How many requests each client may send by the routes of a host that have the same counter; what is
 * more gets 503.
 *
 * @param counter whose requests are counted together
 * @param rates all of them hold
 * @param exempt addresses of clients that are not counted
 */
public record RequestLimit(String counter, List<Rate> rates, List<IpRange> exempt)
    implements RouteOption {

  public RequestLimit {
    rates = List.copyOf(rates);
    exempt = List.copyOf(exempt);
  }

  /**
   * One rate. A client that was away for long may send a few more at once.
   *
   * @param requests in each {@code unit} for as long as it lasts, 1 to 2^32-1
   * @param atOnce how many may come at once, 1 to 2^32-1
   */
  public record Rate(long requests, Duration unit, long atOnce) {}
}
