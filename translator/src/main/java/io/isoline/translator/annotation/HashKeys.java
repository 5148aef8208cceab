package io.isoline.translator.annotation;

import io.isoline.translator.model.HashBy;
import io.isoline.translator.model.HashBy.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what of a request is to be hashed: text with variables of nginx. */
final class HashKeys {

  private static final int LONGEST = 256;

  /** Each is a command for a hash to be made, and requests are many. */
  private static final int MOST_VARIABLES = 8;

  private static final Pattern PLAIN = Pattern.compile("[-A-Za-z0-9_${}]+");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w*)\\}|(\\w*))");

  private static final String KNOWN =
      "$request_uri, $uri, $args, $host, $scheme, $request_method, $remote_addr, $http_NAME,"
          + " $cookie_NAME and $arg_NAME";

  /**
   * Variables that there are in ingress-nginx, but for those that are {@link #KNOWN}: what these are for
   * a request cannot be told here.
   */
  private static final Pattern OF_NGINX =
      Pattern.compile(
          "(ancient_browser|auth|connection|date|geoip2?|gzip|http|https|jwt|limit|modern_browser"
              + "|msie|nginx|pass|proxy|realip|realpath|remote|request|secure_link|sent|server|session"
              + "|slice|ssl|tcpinfo|time|uid|upstream)(_.*)?"
              + "|body_bytes_sent|bytes_(received|sent)|cache_key|content_(length|type)|document_root"
              + "|full_x_forwarded_for|global_rate_limit_exceeding|hostname|http[23]|ingress_name"
              + "|invalid_referer|is_args|location_path|memcached_key|msec|namespace|pid|pipe|protocol"
              + "|req_id|service_(name|port)|spdy|spdy_request_priority|status");

  /**
   * What was read.
   *
   * @param unknown a clause about a variable that ingress-nginx does not know either, for which it takes
   *     an empty text; null where there is none
   */
  record Reading(HashBy hash, @Nullable String unknown) {}

  static final ValueType<HashKeys.Reading> TYPE =
      new ValueType<>(
          "letters, digits, - and _ with the variables " + KNOWN, text -> read(text));

  private HashKeys() {}

  private static ValueType.Reading<HashKeys.Reading> read(String written) {
    String text = written.replace(" ", "");
    if (text.length() > LONGEST || !PLAIN.matcher(text).matches()) {
      return bad(written, "is none of letters, digits, - _ $ { and }, or too long");
    }
    List<Part> parts = new ArrayList<>();
    String unknown = null;
    Matcher variable = VARIABLE.matcher(text);
    while (variable.find()) {
      String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
      Part part = part(name);
      if (part == null) {
        unknown = said(written, "has $" + ValueType.shown(name) + ", of which Isoline knows nothing");
        if (!NAME.matcher(name).matches() || OF_NGINX.matcher(name).matches()) {
          return new ValueType.Reading.Bad<>(unknown);
        }
      } else if (!parts.contains(part)) {
        // A value twice tells no more of a request than once.
        parts.add(part);
      }
    }
    return parts.size() > MOST_VARIABLES
        ? bad(written, "has more than " + MOST_VARIABLES + " variables")
        : new ValueType.Reading.Good<>(new HashKeys.Reading(new HashBy(parts), unknown));
  }

  private static @Nullable Part part(String name) {
    return switch (name) {
      case "request_uri" -> new Part.Header(":path");
      case "uri", "document_uri" -> new Part.Path();
      case "args", "query_string" -> new Part.Query();
      case "host", "http_host", "best_http_host" -> new Part.Header(":authority");
      case "scheme", "pass_access_scheme" -> new Part.Header("x-forwarded-proto");
      case "request_method" -> new Part.Header(":method");
      case "remote_addr", "binary_remote_addr", "the_real_ip" -> new Part.ClientAddress();
      default -> {
        String of = named(name, "http_");
        if (of != null) {
          yield new Part.Header(of.replace('_', '-').toLowerCase(Locale.ROOT));
        }
        of = named(name, "cookie_");
        if (of != null) {
          yield new Part.Cookie(of);
        }
        of = named(name, "arg_");
        yield of == null ? null : new Part.Parameter(of);
      }
    };
  }

  private static @Nullable String named(String name, String prefix) {
    return name.startsWith(prefix) && name.length() > prefix.length()
        ? name.substring(prefix.length())
        : null;
  }

  private static ValueType.Reading<HashKeys.Reading> bad(String written, String why) {
    return new ValueType.Reading.Bad<>(said(written, why));
  }

  private static String said(String written, String why) {
    return "\"" + ValueType.shown(written) + "\" " + why;
  }
}
