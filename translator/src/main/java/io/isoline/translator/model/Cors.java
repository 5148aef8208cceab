package io.isoline.translator.model;

import java.util.List;

/**
 * Which pages of other origins may use the answers of a route, as browsers ask it.
 *
 * @param origins those that may, in letters of any case; {@code *} stands for one label of a name; empty
 *     for all
 * @param allowCredentials whether requests may carry cookies and the like
 * @param allowMethods the value of Access-Control-Allow-Methods
 * @param allowHeaders the value of Access-Control-Allow-Headers
 * @param exposeHeaders the value of Access-Control-Expose-Headers; empty for none
 * @param maxAgeSeconds how long browsers may remember this
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">CORS protocol</a>
 */
public record Cors(
    List<String> origins,
    boolean allowCredentials,
    String allowMethods,
    String allowHeaders,
    String exposeHeaders,
    long maxAgeSeconds)
    implements RouteOption {
  public Cors {
    origins = List.copyOf(origins);
  }
}
