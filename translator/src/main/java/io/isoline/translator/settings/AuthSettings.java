package io.isoline.translator.settings;

import io.isoline.translator.credentials.AuthUrl;
import io.isoline.translator.credentials.CacheTimes;
import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.credentials.SignIn;
import io.isoline.translator.credentials.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The service that is asked about the requests of all Ingresses that ask none themselves.
 *
 * @param url whom; null for nobody
 * @param method with which method; empty for GET
 * @param signIn where clients are sent that get 401; null for nowhere
 * @param signInParameter in which parameter the sign-in page gets the URL of the request
 * @param responseHeaders the headers of its answer that backends get, in lower case
 * @param requestRedirect what the service is told to come back to; empty for the request itself
 * @param cacheKey requests of an Ingress with the same key share an answer; null where each is asked
 * @param cacheDuration how long answers are kept, as {@link CacheTimes} reads it
 */
public record AuthSettings(
    @Nullable AuthUrl url,
    String method,
    @Nullable Template signIn,
    String signInParameter,
    List<String> responseHeaders,
    String requestRedirect,
    @Nullable Template cacheKey,
    String cacheDuration) {

  /** Nobody is asked. */
  public static final AuthSettings OFF =
      new AuthSettings(
          null, "", null, SignIn.PARAMETER, List.of(), "", null, CacheTimes.DEFAULT);

  public AuthSettings {
    responseHeaders = List.copyOf(responseHeaders);
  }

  /**
   * What is asked about the requests of an Ingress; null for nothing.
   *
   * @param ingress as namespace/name
   */
  public @Nullable ExternalCheck check(String ingress) {
    return url == null
        ? null
        : new ExternalCheck(
            ingress,
            url,
            method,
            requestRedirect,
            List.of(),
            responseHeaders,
            signIn == null ? null : SignIn.page(signIn, signInParameter),
            cacheKey,
            CacheTimes.parse(cacheDuration));
  }
}
