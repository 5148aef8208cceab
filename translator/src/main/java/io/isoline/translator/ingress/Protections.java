package io.isoline.translator.ingress;

import io.isoline.translator.annotation.Annotations;
import org.jspecify.annotations.Nullable;

/** Tells annotations that ask for a protection from others, for reports that put those first. */
public final class Protections {

  private static final String OLD_PREFIX = "ingress.kubernetes.io/";

  private Protections() {}

  /**
   * Whether an annotation asks to keep somebody out, or to limit what somebody can do.
   *
   * @param annotation its name with the prefix, of Isoline, ingress-nginx or any other controller
   */
  public static boolean areAskedBy(String annotation) {
    String key = annotation.substring(annotation.indexOf('/') + 1);
    if (!annotation.startsWith(Annotations.OWN_PREFIX)
        && !annotation.startsWith(Annotations.NGINX_PREFIX)
        && !annotation.startsWith(OLD_PREFIX)) {
      return OtherControllers.seemsToProtect(key);
    }
    @Nullable NginxAnnotation known = NginxAnnotations.find(key);
    return NginxAnnotations.soundsProtecting(key)
        || (known != null && known.kind() == NginxAnnotation.Kind.PROTECTION);
  }
}
