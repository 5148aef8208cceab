package io.isoline.translator.annotation;

import io.isoline.translator.text.FramingHeaders;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which headers authors of Ingresses may set or remove: not those by which messages are framed and
 * routed, nor those of Envoy and Isoline themselves.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110, Connection</a>
 */
final class HeaderNames {

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$&'*+.^_`|~-]{1,200}");

  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x{80}-\\x{ffff}]{0,4000}");

  private static final Set<String> OF_ROUTING = Set.of("expect", "host");

  private HeaderNames() {}

  /** Why a header may not be set or removed, as a clause; null when it may. */
  static @Nullable String fault(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String shown = "\"" + ValueType.shown(name) + "\"";
    if (!TOKEN.matcher(name).matches()) {
      return shown + " is not the name of a header";
    }
    if (FramingHeaders.NAMES.contains(lower) || OF_ROUTING.contains(lower)) {
      return shown + " says how the message is sent, and is not for an Ingress to change";
    }
    if (lower.startsWith("x-envoy-") || lower.startsWith("x-isoline-")) {
      return shown + " belongs to the proxy";
    }
    return null;
  }

  /** Whether a text can be the value of a header: without line breaks and control characters. */
  static boolean isValue(String text) {
    return VALUE.matcher(text).matches();
  }
}
