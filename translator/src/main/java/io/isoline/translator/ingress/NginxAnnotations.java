package io.isoline.translator.ingress;

import io.isoline.translator.annotation.Annotation;
import io.isoline.translator.annotation.Annotations;
import io.isoline.translator.ingress.NginxAnnotation.Kind;
import io.isoline.translator.text.SimilarName;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The table of all annotations of ingress-nginx 1.15: which of them protect, which values ask for
 * what is so anyway, and what Isoline has in their place.
 *
 * @see <a
 *     href="https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/">Annotations
 *     of ingress-nginx</a>
 */
final class NginxAnnotations {

  private static final SortedMap<String, NginxAnnotation> TABLE = new TreeMap<>();

  /** Names that protect, those that ingress-nginx had once and has dropped among them. */
  private static final Pattern PROTECTIONS =
      Pattern.compile(
          "(auth|limit|rate-limit|global-rate-limit|modsecurity|enable-modsecurity|enable-owasp"
              + "|whitelist|allowlist|denylist|blacklist|blocklist|lua-resty-waf|satisfy"
              + "|secure-verify)(-.*)?|proxy-ssl-verify");

  static {
    // Isoline acts on them; here they are names that others may have been meant for.
    for (Annotation<?> annotation : Annotations.all()) {
      if (!annotation.ours()) {
        for (String key : annotation.keys()) {
          boolean protects = annotation.closes() || soundsProtecting(key);
          add(protects ? Kind.PROTECTION : Kind.OPTION, "Isoline acts on it", key);
        }
      }
    }
    // What nginx itself does not act on.
    options("remove it: nginx writes that log, and there is none", "enable-rewrite-log=false");
  }

  private NginxAnnotations() {}

  /** All of them, by their names without the prefix. */
  static SortedMap<String, NginxAnnotation> all() {
    return Collections.unmodifiableSortedMap(TABLE);
  }

  static @Nullable NginxAnnotation find(String key) {
    return TABLE.get(key);
  }

  /** Whether a name that is none of them sounds like a protection. */
  static boolean soundsProtecting(String key) {
    return PROTECTIONS.matcher(key).matches();
  }

  /** The one that was meant by a name that is none of them; null when none is near. */
  static @Nullable NginxAnnotation meant(String key) {
    String similar = SimilarName.of(key, TABLE.keySet());
    if (similar == null) {
      // The same words in another order: rate-limit.
      List<String> words = words(key);
      similar =
          TABLE.keySet().stream().filter(name -> words(name).equals(words)).findFirst().orElse(null);
    }
    return similar == null ? null : TABLE.get(similar);
  }

  private static List<String> words(String key) {
    return List.copyOf(new TreeSet<>(Arrays.asList(key.split("-", -1))));
  }

  private static void options(String advice, String... keys) {
    add(Kind.OPTION, advice, keys);
  }

  /** Each key is followed by {@code =} and the value that asks for what is so anyway, if any. */
  private static void add(
      Kind kind,
      String words,
      String... keys) {
    for (String key : keys) {
      int equals = key.indexOf('=');
      String name = equals < 0 ? key : key.substring(0, equals);
      String soAnyway = equals < 0 ? null : key.substring(equals + 1);
      TABLE.put(name, new NginxAnnotation(name, kind, soAnyway, words));
    }
  }
}
