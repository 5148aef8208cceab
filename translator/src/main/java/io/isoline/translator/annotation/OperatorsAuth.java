package io.isoline.translator.annotation;

import io.isoline.translator.backend.EndpointAddresses;
import io.isoline.translator.credentials.AuthUrl;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what the operator writes of the service that is asked about all requests, by the rules of the
 * annotations. Each method throws IllegalArgumentException for a text that breaks one, with a clause
 * that says why.
 */
public final class OperatorsAuth {

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private static final Pattern PARAMETER = Pattern.compile("[-A-Za-z0-9._~]{1,100}");
  private static final Pattern HEADER = Pattern.compile("[-A-Za-z0-9_]{1,200}");
  private static final Pattern REDIRECT = Pattern.compile("[-A-Za-z0-9._~/:,?&=]{1,2000}");

  private OperatorsAuth() {}

  /** Whom is asked. The host is written in it: clients choose that of a request. */
  public static AuthUrl url(String text) {
    AuthUrl url = AuthUrl.parse(text);
    String host = url.host();
    if (host == null) {
      throw new IllegalArgumentException("its host is that of the request");
    }
    String name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    String objection =
        EndpointAddresses.isAddress(name) ? EndpointAddresses.objection(name, true) : null;
    if (objection != null) {
      throw new IllegalArgumentException(objection);
    }
    return url;
  }

  /** With which method; empty for that of the service's choice, GET. */
  public static String method(String text) {
    if (text.equals("default")) {
      return "";
    }
    return check(text, METHODS.contains(text), "it is another method");
  }

  /** The parameter of the sign-in page. */
  public static String parameter(String text) {
    return check(text, PARAMETER.matcher(text).matches(), "it has other characters");
  }

  /** A header that backends get, in lower case. */
  public static String header(String text) {
    check(text, HEADER.matcher(text).matches(), "it has other characters");
    String fault = HeaderNames.fault(text);
    if (fault != null) {
      throw new IllegalArgumentException(fault);
    }
    return text.toLowerCase(Locale.ROOT);
  }

  /** What the service is told to come back to. */
  public static String requestRedirect(String text) {
    return check(text, REDIRECT.matcher(text).matches(), "it has other characters");
  }

  private static String check(String text, boolean good, String why) {
    if (!good) {
      throw new IllegalArgumentException(why);
    }
    return text;
  }
}
