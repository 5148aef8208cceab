package io.isoline.controlplane.migrate.verify;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where one of the two controllers listens.
 *
 * @param name what people call it: {@code --old} or {@code --new}
 * @param http for plain HTTP; null when it is not asked
 * @param https for TLS; null when it is not asked
 */
public record Target(String name, @Nullable Address http, @Nullable Address https) {

  /** An address that can be connected to. */
  public record Address(String host, int port) {
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * Reads the values of the option: {@code http://ADDRESS[:PORT]}, {@code https://ADDRESS[:PORT]},
   * or an address alone for both at their usual ports.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static Target of(String name, List<String> urls) {
    Address http = null;
    Address https = null;
    for (String url : urls) {
      boolean both = !url.contains("://");
      URI uri = uri(name, both ? "http://" + url : url);
      String host = uri.getHost();
      if (host.startsWith("[")) {
        host = host.substring(1, host.length() - 1);
      }
      if (both) {
        if (uri.getPort() >= 0) {
          throw new IllegalArgumentException(
              "%s: is %s plain HTTP or TLS? write http://%s or https://%s"
                  .formatted(name, url, url, url));
        }
        http = once(name, http, new Address(host, 80));
        https = once(name, https, new Address(host, 443));
      } else if (uri.getScheme().toLowerCase(Locale.ROOT).equals("http")) {
        http = once(name, http, new Address(host, uri.getPort() < 0 ? 80 : uri.getPort()));
      } else {
        https = once(name, https, new Address(host, uri.getPort() < 0 ? 443 : uri.getPort()));
      }
    }
    return new Target(name, http, https);
  }

  private static Address once(String name, @Nullable Address before, Address now) {
    if (before != null) {
      throw new IllegalArgumentException(
          "%s: %s and %s are for the same; give one for http and one for https"
              .formatted(name, before, now));
    }
    return now;
  }

  private static URI uri(String name, String url) {
    try {
      URI uri = new URI(url);
      boolean path = uri.getRawPath() != null && uri.getRawPath().length() > 1;
      if (uri.getHost() != null
          && !path
          && uri.getPort() <= 65_535
          && uri.getPort() != 0
          && uri.getRawQuery() == null
          && uri.getRawUserInfo() == null
          && uri.getScheme().toLowerCase(Locale.ROOT).matches("https?")) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // The same words for all that it is not.
    }
    throw new IllegalArgumentException(
        "%s: expected http://ADDRESS[:PORT] or https://ADDRESS[:PORT], not %s"
            .formatted(name, url));
  }

  /** The address for requests with TLS or without; null when they are not asked. */
  @Nullable Address address(boolean tls) {
    return tls ? https : http;
  }
}
