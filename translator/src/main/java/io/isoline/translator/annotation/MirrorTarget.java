package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.credentials.AuthUrl;
import io.isoline.translator.kube.References;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL that copies of requests go to.
 *
 * @param tls whether it is one of HTTPS
 * @param host a name in lower case without a dot at its end, or an IPv4 address
 * @param port 1 to 65535
 * @param path path and query, with variables of nginx in them; it begins with a slash or with {@code
 *     $request_uri}
 */
public record MirrorTarget(boolean tls, String host, int port, String path) {

  private static final Pattern URL =
      Pattern.compile("(https?)://([A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?([/?$][^#]*)?");

  private static final Pattern VARIABLE = Pattern.compile("\\$([A-Za-z0-9_]*)");

  private static final Set<String> VARIABLES =
      Set.of("request_uri", "args", "query_string", "is_args");

  private static final int MAX_LENGTH = 2_000;

  /**
   * Takes one apart.
   *
   * @throws IllegalArgumentException when it is none, with a clause that says why
   */
  static MirrorTarget parse(String text) {
    Matcher url = URL.matcher(text.length() > MAX_LENGTH ? "" : text);
    if (!url.matches()) {
      throw new IllegalArgumentException("it does not begin with http://HOST or https://HOST");
    }
    boolean tls = url.group(1).equals("https");
    String authority = url.group(2) + (url.group(3) == null ? "" : ":" + url.group(3));
    // Of hosts and ports it says what is wrong.
    AuthUrl.parse(url.group(1) + "://" + authority + "/");
    String path = url.group(4) == null ? "/" : url.group(4);
    if (!AuthUrl.hasCharactersOfUrls(path)) {
      throw new IllegalArgumentException(
          "its path has other characters than letters, digits and - . _ ~ / : , ? & = + $");
    }
    Matcher variable = VARIABLE.matcher(path);
    while (variable.find()) {
      if (!VARIABLES.contains(variable.group(1))) {
        throw new IllegalArgumentException(
            "of variables, it can have $request_uri, $is_args and $args, and it has $"
                + variable.group(1));
      }
    }
    if (path.startsWith("$") && !path.startsWith("$request_uri")) {
      throw new IllegalArgumentException("there is no slash behind its host");
    }
    String host = url.group(2).toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    int port = url.group(3) == null ? (tls ? 443 : 80) : Integer.parseInt(url.group(3));
    return new MirrorTarget(tls, host, port, path.startsWith("?") ? "/" + path : path);
  }

  /**
   * The Service whose name in the DNS of a cluster its host is, in the form {@code NAME.NAMESPACE} or
   * {@code NAME.NAMESPACE.svc}, with the cluster's domain behind it or without.
   *
   * @param namespace that of the Ingress
   * @return null for a host that is none, or that is one of another namespace
   */
  public @Nullable ObjectRef service(String namespace) {
    return References.service(namespace, host);
  }

  /** What is behind {@code svc} in a host that {@link #service} knows; empty for nothing. */
  public String clusterDomain() {
    List<String> labels = List.of(host.split("\\.", -1));
    return String.join(".", labels.subList(Math.min(3, labels.size()), labels.size()));
  }

  @Override
  public String toString() {
    return host + " port " + port;
  }
}
