package io.isoline.translator;

import io.isoline.translator.model.HttpOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The request headers by which backends know who asks, from where, and for what, and which therefore
 * only someone trusted may set. What a client sends in them is dropped at the edge.
 *
 * <p>An entry is a name in small letters, or the beginning of names with a {@code *} at its end. The
 * lists hold what proxies, authentication proxies and clouds are documented to set, and what servers
 * and frameworks read of it. What clients set for the application itself is not in them: {@code
 * Authorization}, {@code X-HTTP-Method-Override}, {@code Impersonate-User}.
 */
public final class ClientHeaders {

  /** Goes by {@link HttpOptions#trustedHops}, and cannot be trusted otherwise. */
  private static final List<String> BY_HOPS =
      List.of("x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto");

  /**
   * Never passed on. {@code X-Real-IP} and {@code X-Isoline-*} are written by Envoy itself, and
   * {@code Forwarded} could only contradict X-Forwarded-For, which Envoy appends to.
   */
  private static final List<String> NEVER =
      List.of("forwarded", "x-forwarded-client-cert", "x-real-ip", "x-envoy-*", "x-isoline-*");

  /** How a request came: its scheme, its client's address, its host, a path that was cut off. */
  private static final List<String> FORWARDING =
      List.of(
          "forwarded-for",
          "x-forwarded",
          "x-forwarded-*",
          // Scheme
          "front-end-https",
          "x-scheme",
          "x-url-scheme",
          "x-original-proto",
          "x-arr-ssl",
          "cf-visitor",
          "cloudfront-forwarded-proto",
          // Address
          "cf-connecting-ip",
          "cf-connecting-ipv6",
          "client-ip",
          "cloudfront-viewer-address",
          "fastly-client-ip",
          "fly-client-ip",
          "proxy-client-ip",
          "remote-addr",
          "true-client-ip",
          "wl-proxy-*",
          "x-appengine-user-ip",
          "x-azure-clientip",
          "x-azure-socketip",
          "x-client-ip",
          "x-cluster-client-ip",
          "x-nf-client-connection-ip",
          "x-original-for",
          "x-original-forwarded-for",
          "x-original-remote-addr",
          "x-originating-ip",
          "x-proxyuser-ip",
          "x-real-port",
          "x-remote-addr",
          "x-remote-ip",
          // Host and path
          "x-host",
          "x-original-host",
          "x-script-name");

  /** Who asks, as an authentication proxy or a server that verified a certificate says. */
  private static final List<String> IDENTITY =
      List.of(
          "cf-access-authenticated-user-email",
          "client-cert",
          "client-cert-chain",
          "iv-creds",
          "iv-groups",
          "iv-user",
          "oidc-claim-*",
          "remote-email",
          "remote-groups",
          "remote-name",
          "remote-user",
          "sm-user",
          "ssl-client-*",
          "tailscale-user-*",
          "x-amzn-mtls-*",
          "x-amzn-oidc-*",
          "x-arr-clientcert",
          "x-auth-email",
          "x-auth-request-*",
          "x-auth-user",
          "x-authenticated-*",
          "x-authentik-*",
          "x-client-cert",
          "x-client-cert-*",
          "x-client-dn",
          "x-client-verify",
          "x-consumer-*",
          "x-credential-identifier",
          "x-forwarded-access-token",
          "x-forwarded-email",
          "x-forwarded-group",
          "x-forwarded-groups",
          "x-forwarded-preferred-username",
          "x-forwarded-tls-client-cert*",
          "x-forwarded-user",
          "x-goog-authenticated-user-*",
          "x-ms-client-principal*",
          "x-pomerium-*",
          "x-remote-extra-*",
          "x-remote-group",
          "x-remote-groups",
          "x-remote-uid",
          "x-remote-user",
          "x-ssl-*",
          "x-tls-client-cert",
          "x-userinfo",
          "x-vouch-*",
          "x-webauth-*");

  /** What takes the place of the path, method or settings that were checked. */
  private static final List<String> OVERRIDES =
      List.of(
          // Becomes HTTP_PROXY, which programs started by a CGI server take for their proxy.
          "proxy",
          "x-accel-mapping",
          "x-http-host-override",
          "x-original-method",
          "x-original-path",
          "x-original-uri",
          "x-original-url",
          "x-replaced-path",
          "x-rewrite-url",
          "x-sendfile-type");

  private ClientHeaders() {}

  /**
   * What is dropped.
   *
   * @param trustedHops as {@link HttpOptions#trustedHops}: proxies in front say how a request came, but
   *     are not taken for those who say who asks
   * @param trusted entries for which {@link #canBeTrusted} holds
   */
  public static List<String> dropped(int trustedHops, Collection<String> trusted) {
    List<String> dropped = new ArrayList<>(NEVER);
    if (trustedHops == 0) {
      dropped.addAll(BY_HOPS);
      dropped.addAll(FORWARDING);
    }
    dropped.addAll(IDENTITY);
    dropped.addAll(OVERRIDES);
    dropped.removeIf(trusted::contains);
    return List.copyOf(dropped);
  }

  /** What is passed on of the lists: the other half of {@link #dropped}. */
  public static List<String> passed(int trustedHops, Collection<String> trusted) {
    List<String> passed = new ArrayList<>(trusted);
    if (trustedHops > 0) {
      passed.addAll(BY_HOPS);
      passed.addAll(FORWARDING);
    }
    return List.copyOf(passed);
  }

  /** Those of the trusted names that an entry with a {@code *} would drop with its others. */
  public static List<String> exceptions(Collection<String> dropped, Collection<String> trusted) {
    return trusted.stream()
        .filter(name -> dropped.stream().anyMatch(entry -> isPrefix(entry) && covers(entry, name)))
        .toList();
  }

  /**
   * Whether the operator can have it passed on: an entry of the lists, or a name that one covers.
   *
   * @param entry in small letters
   */
  public static boolean canBeTrusted(String entry) {
    return !BY_HOPS.contains(entry)
        && !isNeverPassed(entry)
        && trustable().stream().anyMatch(listed -> covers(listed, entry));
  }

  /** Whether nobody can have it passed on. */
  public static boolean isNeverPassed(String entry) {
    return NEVER.stream().anyMatch(never -> covers(never, entry));
  }

  /** All entries that can be trusted. */
  public static SortedSet<String> trustable() {
    SortedSet<String> all = new TreeSet<>(FORWARDING);
    all.addAll(IDENTITY);
    all.addAll(OVERRIDES);
    return all;
  }

  /** The forwarding headers that {@link HttpOptions#trustedHops} alone lets pass. */
  public static List<String> byHops() {
    return BY_HOPS;
  }

  public static boolean isPrefix(String entry) {
    return entry.endsWith("*");
  }

  /** Whether an entry is for this name. */
  public static boolean covers(String entry, String name) {
    return entry.equals(name)
        || (isPrefix(entry)
            && !isPrefix(name)
            && name.startsWith(entry.substring(0, entry.length() - 1)));
  }
}
