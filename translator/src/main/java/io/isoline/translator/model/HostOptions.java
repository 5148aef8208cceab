package io.isoline.translator.model;

import org.jspecify.annotations.Nullable;

/**
 * What holds for all requests to a host, also for those that no route is for.
 *
 * @param redirectsToHttps whether plain HTTP for paths without a route is answered by 308 to HTTPS
 * @param strictTransportSecurity the value of that header on answers over HTTPS; null for none
 * @param schemeHeaders whether backends get the scheme of the request in X-Scheme and
 *     X-Forwarded-Scheme as well
 * @param refusesTrace whether requests with the method TRACE get 405
 * @param clients what is asked of certificates of clients; null where they are not asked for one
 */
public record HostOptions(
    boolean redirectsToHttps,
    @Nullable String strictTransportSecurity,
    boolean schemeHeaders,
    boolean refusesTrace,
    @Nullable ClientCheck clients) {

  /** Nothing. */
  public static final HostOptions NONE = new HostOptions(false, null, false, false);

  /** Nothing is asked of clients. */
  public HostOptions(
      boolean redirectsToHttps,
      @Nullable String strictTransportSecurity,
      boolean schemeHeaders,
      boolean refusesTrace) {
    this(redirectsToHttps, strictTransportSecurity, schemeHeaders, refusesTrace, null);
  }

  /** The same, with what is asked of clients. */
  public HostOptions asking(ClientCheck check) {
    return new HostOptions(
        redirectsToHttps, strictTransportSecurity, schemeHeaders, refusesTrace, check);
  }
}
