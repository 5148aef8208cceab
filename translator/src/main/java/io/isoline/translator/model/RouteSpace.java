package io.isoline.translator.model;

import io.isoline.translator.model.HttpOptions.Paths;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of hosts that is searched for the host of a request. What is in one space, no request of
 * another reaches. Ingresses have one for all of their listeners.
 *
 * @param name of its RouteConfiguration for hosts that nobody claims, and of its scopes together
 * @param trustsForwarded whether X-Forwarded-* of clients stays as it is, since a proxy in front of
 *     Envoy set it
 * @param trustedHeaders which of {@link io.isoline.translator.ClientHeaders} are passed on all the
 *     same
 * @param trailers whether trailers of answers are passed on
 * @param paths which spellings of a path reach the routes
 * @param explainErrors whether answers of routes without a backend have a body that says why
 * @param hyphensOnly whether headers are dropped of which a name has more than letters, digits, hyphens
 *     and underscores
 * @param ofNobody what holds for hosts that nobody claims
 * @param httpsPort where clients are sent that are redirected to HTTPS, 1 to 65535
 * @param tracing null where nothing is traced
 */
public record RouteSpace(
    String name,
    boolean trustsForwarded,
    List<String> trustedHeaders,
    boolean trailers,
    Paths paths,
    boolean explainErrors,
    boolean hyphensOnly,
    HostOptions ofNobody,
    int httpsPort,
    @Nullable Tracing tracing) {

  public RouteSpace {
    trustedHeaders = List.copyOf(trustedHeaders);
  }

  /** The name of the space of Ingresses. */
  public static final String INGRESS = "ingress";
}
