package io.isoline.controlplane.counts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.grpc.Metadata;
import io.isoline.translator.credentials.ConnectionCount;
import io.isoline.translator.text.IpRange;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limit of a route, as the metadata of a stream brings it.
 *
 * @param counter {@code NAMESPACE/NAME}
 * @param most how many requests a client may have under way, 1 or more
 * @param exempt clients that are not counted
 */
record CountedRoute(String counter, int most, List<IpRange> exempt) {

  /** The text of the lists that are kept in parsed form, which takes some times as much. */
  private static final int CHARACTERS = 1 << 18;

  private static final Cache<String, List<IpRange>> LISTS =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumWeight(CHARACTERS)
          .<String, List<IpRange>>weigher((text, list) -> text.length())
          .build();

  /** Reads it; null when it cannot be read. */
  static @Nullable CountedRoute read(Metadata headers) {
    String counter = value(headers, ConnectionCount.COUNTER);
    String most = value(headers, ConnectionCount.MOST);
    String exempt = value(headers, ConnectionCount.EXEMPT);
    if (counter == null || most == null || !most.matches("[1-9][0-9]{0,4}")) {
      return null;
    }
    try {
      return new CountedRoute(
          counter,
          Integer.parseInt(most),
          exempt == null ? List.of() : LISTS.get(exempt, CountedRoute::ranges));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Whether requests of an address are not counted. */
  boolean exempts(InetAddress client) {
    return exempt.stream().anyMatch(range -> range.contains(client));
  }

  private static List<IpRange> ranges(String text) {
    List<IpRange> ranges = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      IpRange range = IpRange.parse(each);
      if (range == null) {
        throw new IllegalArgumentException("no range of addresses");
      }
      ranges.add(range);
    }
    return ranges;
  }

  private static @Nullable String value(Metadata headers, String name) {
    return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }
}
