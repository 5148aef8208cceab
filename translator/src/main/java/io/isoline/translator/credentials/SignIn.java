package io.isoline.translator.credentials;

import java.util.regex.Pattern;

/** Reads what is written about an authentication service, beside whom it is that is asked. */
public final class SignIn {

  /** The parameter of the sign-in page with the URL of the request. */
  public static final String PARAMETER = "rd";

  /** Where the sign-in page is told to send a client back to. */
  private static final String BACK = "$pass_access_scheme://$http_host$escaped_request_uri";

  private static final int MOST_CHARACTERS = 2_000;

  private static final Pattern CACHE_KEY = Pattern.compile("[-A-Za-z0-9_${}]{1,1000}");

  private SignIn() {}

  /**
   * Reads the URL of a sign-in page.
   *
   * @throws IllegalArgumentException when it is none, with a clause that says why
   */
  public static Template parse(String text) {
    if (text.length() > MOST_CHARACTERS
        || !AuthUrl.hasCharactersOfUrls(text)
        || !(text.matches("(https?|\\$scheme|\\$pass_access_scheme)://[^/?:].*")
            || (text.startsWith("/") && !text.startsWith("//")))) {
      throw new IllegalArgumentException("it is neither a URL nor a path");
    }
    return Template.parse(text);
  }

  /** The page with the URL of the request in a parameter, unless it has that already. */
  public static Template page(Template page, String parameter) {
    String text = page.text();
    int query = text.indexOf('?');
    if (query < 0) {
      return Template.parse(text + "?" + parameter + "=" + BACK);
    }
    for (String each : text.substring(query + 1).split("&", -1)) {
      if (each.startsWith(parameter + "=") && each.length() > parameter.length() + 1) {
        return page;
      }
    }
    return Template.parse(text + "&" + parameter + "=" + BACK);
  }

  /**
   * Reads the key by which requests share an answer.
   *
   * @throws IllegalArgumentException when it is none, with a clause that says why
   */
  public static Template cacheKey(String text) {
    if (!CACHE_KEY.matcher(text).matches()) {
      throw new IllegalArgumentException("it has other characters");
    }
    return Template.parse(text);
  }
}
