package io.isoline.translator.credentials;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an authentication service is asked about a request, and what is made of its answer. A route
 * brings it as a text, a line for each part.
 *
 * @param owner the Ingress that asks, as namespace/name
 * @param url whom is asked
 * @param method with which method; empty where none was chosen, which is GET
 * @param requestRedirect what the service is told to come back to; empty for the request itself
 * @param headers what the service gets besides the headers of the client
 * @param responseHeaders the headers of its answer that the backend gets
 * @param signIn where a client is sent that may not pass; null for nowhere
 * @param cacheKey requests of the same key share an answer; null where each is asked
 * @param cacheTimes how long answers are kept; the first that fits counts
 */
public record ExternalCheck(
    String owner,
    AuthUrl url,
    String method,
    String requestRedirect,
    List<Header> headers,
    List<String> responseHeaders,
    @Nullable Template signIn,
    @Nullable Template cacheKey,
    List<CacheTime> cacheTimes) {

  public ExternalCheck {
    headers = List.copyOf(headers);
    responseHeaders = List.copyOf(responseHeaders);
    cacheTimes = List.copyOf(cacheTimes);
  }

  /** A header that the service gets; an empty value takes that of the client away. */
  public record Header(String name, Template value) {}

  /**
   * How long an answer is kept.
   *
   * @param statuses of which answers; empty for all
   * @param seconds 0 for not at all
   */
  public record CacheTime(SortedSet<Integer> statuses, long seconds) {
    public CacheTime {
      statuses = new TreeSet<>(statuses);
    }
  }

  /** Returns this with more headers for the service. */
  public ExternalCheck withHeaders(List<Header> more) {
    return new ExternalCheck(
        owner,
        url,
        method,
        requestRedirect,
        more,
        responseHeaders,
        signIn,
        cacheKey,
        cacheTimes);
  }

  /** Returns the text of it that {@link #parse} reads. */
  public String text() {
    StringBuilder text = new StringBuilder();
    line(text, "owner", owner);
    line(text, "url", url.text());
    if (!method.isEmpty()) {
      line(text, "method", method);
    }
    if (!requestRedirect.isEmpty()) {
      line(text, "request-redirect", requestRedirect);
    }
    headers.forEach(header -> line(text, "header", header.name() + " " + header.value().text()));
    responseHeaders.forEach(name -> line(text, "response-header", name));
    if (signIn != null) {
      line(text, "sign-in", signIn.text());
    }
    if (cacheKey != null) {
      line(text, "cache-key", cacheKey.text());
    }
    for (CacheTime time : cacheTimes) {
      StringBuilder words = new StringBuilder(Long.toString(time.seconds()));
      time.statuses().forEach(status -> words.append(' ').append(status));
      line(text, "cache-time", words.toString());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String key, String value) {
    if (value.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a line feed in " + key);
    }
    text.append(key).append(' ').append(value).append('\n');
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException when it is none of {@link #text}
   */
  public static ExternalCheck parse(String text) {
    String owner = "";
    AuthUrl url = null;
    String method = "";
    String requestRedirect = "";
    List<Header> headers = new ArrayList<>();
    List<String> responseHeaders = new ArrayList<>();
    Template signIn = null;
    Template cacheKey = null;
    List<CacheTime> cacheTimes = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      int blank = line.indexOf(' ');
      String key = line.substring(0, Math.max(0, blank));
      String value = line.substring(blank + 1);
      switch (key) {
        case "owner" -> owner = value;
        case "url" -> url = AuthUrl.parse(value);
        case "method" -> method = value;
        case "request-redirect" -> requestRedirect = value;
        case "header" -> {
          int end = value.indexOf(' ');
          if (end < 0) {
            throw new IllegalArgumentException("a header without a value");
          }
          headers.add(
              new Header(value.substring(0, end), Template.parse(value.substring(end + 1))));
        }
        case "response-header" -> responseHeaders.add(value);
        case "sign-in" -> signIn = Template.parse(value);
        case "cache-key" -> cacheKey = Template.parse(value);
        case "cache-time" -> cacheTimes.add(cacheTime(value));
        // Without one of its parts a check might let pass what it should not.
        default -> throw new IllegalArgumentException("a line that is not known");
      }
    }
    if (url == null) {
      throw new IllegalArgumentException("there is no URL");
    }
    return new ExternalCheck(
        owner,
        url,
        method,
        requestRedirect,
        headers,
        responseHeaders,
        signIn,
        cacheKey,
        cacheTimes);
  }

  private static CacheTime cacheTime(String value) {
    String[] words = value.split(" ", -1);
    SortedSet<Integer> statuses = new TreeSet<>();
    for (int i = 1; i < words.length; i++) {
      statuses.add(Integer.parseInt(words[i]));
    }
    return new CacheTime(statuses, Long.parseLong(words[0]));
  }
}
