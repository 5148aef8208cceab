package io.isoline.translator.ingress;

import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.Verdict;
import io.isoline.translator.annotation.Annotations;
import io.isoline.translator.ingress.NginxAnnotation.Kind;
import io.isoline.translator.kube.IngressRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says of each annotation of one Ingress what becomes of it: of those of ingress-nginx by the table,
 * of those of other controllers that nothing does.
 */
final class AnnotationVerdicts {

  /** Where ingress-nginx reads its annotations. */
  private static final String PREFIX = Annotations.NGINX_PREFIX;

  /** Where it read them before 0.9. */
  private static final String OLD_PREFIX = "ingress.kubernetes.io/";

  /** Lines of a snippet that keep somebody out. */
  private static final Pattern PROTECTING_LINE =
      Pattern.compile(
          "\\b(deny|allow|satisfy|auth_\\w+|limit_\\w+|access_by_lua\\w*|modsecurity\\w*"
              + "|ssl_verify_client|secure_link\\w*|valid_referers|internal|return\\s+4\\d\\d)\\b");

  /** A wish is looked for only for so many unknown names, as there can be thousands of them. */
  private static final int MOST_WISHES = 20;

  private static final String INACTIVE = "Isoline does not act on this annotation";

  private final IngressRecord ingress;
  private final List<Verdict> verdicts = new ArrayList<>();
  private int wishes;

  private AnnotationVerdicts(IngressRecord ingress) {
    this.ingress = ingress;
  }

  /**
   * The verdicts, in the order of the names.
   *
   * @param works of a canary, whether it clearly asks to be one
   */
  static List<Verdict> of(IngressRecord ingress, boolean works) {
    AnnotationVerdicts of = new AnnotationVerdicts(ingress);
    String canary = Annotations.canary(ingress.annotations());
    ingress
        .annotations()
        .forEach(
            (name, value) -> {
              if (!name.equals(IngressClasses.ANNOTATION)) {
                if (canary == null) {
                  of.judge(name, value);
                } else if (!works || !Annotations.isKnown(name)) {
                  of.onCanary(name, name.equals(canary), works);
                }
              }
            });
    return of.verdicts;
  }

  private static boolean isOff(String value) {
    return Set.of("", "0", "f", "false", "no", "off", "n")
        .contains(value.strip().toLowerCase(Locale.ROOT));
  }

  private void onCanary(String name, boolean itself, boolean works) {
    if (itself && !works) {
      add(
          name,
          Outcome.REFUSED,
          Reason.InvalidValue,
          "it may ask for a canary and does not say so clearly, so nothing of this Ingress is served;"
              + " requests go to the Ingress that it is the canary of",
          "write " + Annotations.NGINX_PREFIX + "canary: \"true\", or \"false\"");
    } else {
      add(
          name,
          Outcome.NO_EFFECT,
          Reason.UnsupportedAnnotation,
          works
              ? "the Ingress is a canary, of which no such annotation counts"
              : "it is part of what may be a canary, of which nothing is served",
          "");
    }
  }

  private void judge(String name, String value) {
    if (Annotations.isKnown(name)) {
      return; // Whoever acts on it has said so.
    }
    if (name.startsWith(Annotations.OWN_PREFIX)) {
      unknownOwn(name, name.substring(Annotations.OWN_PREFIX.length()));
      return;
    }
    boolean current = name.startsWith(PREFIX);
    String prefix = current ? PREFIX : OLD_PREFIX;
    String key = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
    NginxAnnotation annotation = NginxAnnotations.find(key);
    if (annotation != null && Annotations.isKnown(PREFIX + key)) {
      underOldPrefix(name, value, annotation);
    } else if (annotation != null) {
      judge(name, value, annotation);
    } else if (current) {
      unknown(name, key);
    } else if (NginxAnnotations.soundsProtecting(key)) {
      unprotected(name, INACTIVE);
    } else if (OtherControllers.seemsToProtect(name.substring(name.indexOf('/') + 1))
        && !isOff(value)
        && !value.equals("none")
        && (!name.endsWith("-snippets") || PROTECTING_LINE.matcher(value).find())) {
      unprotected(
          name,
          "it seems to ask for one, and " + INACTIVE,
          "let the backend do it, or give the Ingress to a controller that does it; remove the"
              + " annotation if it protects nothing");
    } else {
      add(
          name,
          Outcome.NO_EFFECT,
          Reason.UnsupportedAnnotation,
          INACTIVE,
          "remove it, or see docs/ingress.md for what can be set for all Ingresses");
    }
  }

  private void judge(String name, String value, NginxAnnotation annotation) {
    if (value.isEmpty()) {
      alreadySo(name, "an empty value counts as none");
      return;
    }
    if (isSoAnyway(annotation.soAnyway(), value)) {
      alreadySo(name, "");
      return;
    }
    inactive(name, annotation.words());
  }

  /** Isoline acts on it where it has the prefix of today. */
  private void underOldPrefix(String name, String value, NginxAnnotation annotation) {
    String message = "ingress-nginx does not read it under this prefix, nor does Isoline";
    String fix = "write " + PREFIX + annotation.key() + ", or remove it";
    if (value.isEmpty() || annotation.kind() == Kind.OPTION) {
      add(name, Outcome.NO_EFFECT, Reason.UnsupportedAnnotation, message, fix);
    } else {
      unprotected(name, message, fix);
    }
  }

  private static boolean isSoAnyway(@Nullable String soAnyway, String value) {
    return switch (soAnyway) {
      case null -> false;
      case "*" -> true;
      case "false" -> Boolean.FALSE.equals(flag(value));
      case "true" -> Boolean.TRUE.equals(flag(value));
      case "0" -> value.strip().matches("[+-]?0+");
      default -> value.strip().equalsIgnoreCase(soAnyway);
    };
  }

  /** A boolean as Go reads it; null when it is none. */
  private static @Nullable Boolean flag(String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> null;
    };
  }

  /** Of Isoline's own annotations. */
  private void unknownOwn(String name, String key) {
    String meant = key.length() <= 63 && ++wishes <= MOST_WISHES ? Annotations.meant(key) : null;
    String message = "Isoline has no annotation of this name for an Ingress";
    String fix =
        meant == null ? "correct its name, or remove it" : "did you mean " + meant + "?";
    if (NginxAnnotations.soundsProtecting(key)) {
      unprotected(name, message, fix);
    } else {
      add(name, Outcome.NO_EFFECT, Reason.UnsupportedAnnotation, message, fix);
    }
  }

  private void unknown(String name, String key) {
    NginxAnnotation meant =
        key.length() <= 63 && ++wishes <= MOST_WISHES ? NginxAnnotations.meant(key) : null;
    String message = "neither Isoline nor ingress-nginx knows this annotation";
    String fix = meant == null ? "correct its name, or remove it" : "did you mean " + meant.key() + "?";
    if (NginxAnnotations.soundsProtecting(key)
        || (meant != null && meant.kind() == Kind.PROTECTION)) {
      unprotected(name, message, fix);
    } else {
      add(name, Outcome.NO_EFFECT, Reason.UnsupportedAnnotation, message, fix);
    }
  }

  private void unprotected(String name, String words) {
    unprotected(
        name, words, "let the backend do it, or give the Ingress to a controller that does it");
  }

  private void unprotected(String name, String words, String fix) {
    add(
        name,
        Outcome.UNPROTECTED,
        Reason.Unprotected,
        "served WITHOUT this protection: " + words,
        fix);
  }

  private void alreadySo(String name, String words) {
    add(
        name,
        Outcome.APPLIED,
        Reason.Accepted,
        "already so" + (words.isEmpty() ? "" : ": " + words),
        "");
  }

  private void inactive(String name, String fix) {
    add(name, Outcome.NO_EFFECT, Reason.UnsupportedAnnotation, INACTIVE, fix);
  }

  private void add(String name, Outcome outcome, Reason reason, String message, String fix) {
    verdicts.add(
        new Verdict(
            ingress.ref(), "metadata.annotations[" + name + "]", outcome, reason, message, fix));
  }
}
