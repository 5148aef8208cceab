package io.isoline.translator.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is done with the requests of a route on their way. All values are final: what is inherited
 * from the settings was filled in before.
 *
 * @param redirectsToHttps whether plain HTTP is answered by 308 to HTTPS
 * @param readTimeout how long a backend may send nothing before the request ends with 504; null for
 *     ever
 * @param cors who else's pages may use the answers; null where browsers decide that alone
 */
public record RouteOptions(
    boolean redirectsToHttps, @Nullable Duration readTimeout, @Nullable Cors cors) {

  /** Nothing. */
  public static final RouteOptions NONE = new RouteOptions(false, null, null);

  /** The same with or without the redirect of plain HTTP. */
  public RouteOptions redirectingToHttps(boolean redirects) {
    return redirects == redirectsToHttps ? this : new RouteOptions(redirects, readTimeout, cors);
  }
}
