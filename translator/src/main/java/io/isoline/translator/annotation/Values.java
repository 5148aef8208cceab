package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.ValueType.Reading;
import io.isoline.translator.kube.AnnotationPrefix;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.settings.Profile;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of the annotations of one Ingress, and what is said of each. Whatever nobody speaks of
 * otherwise is in force.
 */
final class Values {

  private static final String CLOSED =
      "; so that nobody passes who should not, requests for the paths of the Ingress get 503";

  private static final String LEFT_OUT =
      "; as with ingress-nginx, nothing of the Ingress is served until it is corrected";

  private static final String CLOSED_HOST =
      "; so that nobody passes who should not, requests for the hosts of the Ingress get 403";

  private static final String OF_MAIN =
      "the Ingress is a canary, and what its main Ingress asks holds for its requests";

  private record Value(String name, Object value) {}

  private final ObjectRef ingress;
  private final Map<String, String> annotations;

  // Each annotation is one object, and to hash all that is said of it takes longer than to read it.
  private final IdentityHashMap<Annotation<?>, Value> values = new IdentityHashMap<>();
  private final Set<Annotation<?>> spoken = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Annotation<?>> bad = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Verdict> verdicts;
  private final Profile profile;
  private final @Nullable Tracing tracing;
  private boolean closed;
  private boolean leftOut;

  /** What is said goes to the end of {@code verdicts}. */
  Values(
      ObjectRef ingress,
      Map<String, String> annotations,
      Profile profile,
      @Nullable Tracing tracing,
      List<Verdict> verdicts) {
    this.ingress = ingress;
    this.annotations = annotations;
    this.profile = profile;
    this.tracing = tracing;
    this.verdicts = verdicts;
  }

  /** Reads one, by its name under {@code isoline.io/} if it has both. */
  void read(Annotation<?> annotation) {
    String name = null;
    for (String prefix : annotation.prefixes()) {
      for (String key : annotation.keys()) {
        if (annotations.containsKey(prefix + key)) {
          if (name == null) {
            name = prefix + key;
          } else {
            add(
                prefix + key,
                Outcome.NO_EFFECT,
                Reason.Conflict,
                name + " is there as well, and goes before it",
                "remove one of the two");
          }
        }
      }
    }
    if (name != null) {
      read(annotation, name, annotations.getOrDefault(name, ""));
    }
  }

  /** Says of one that a canary has that what its main Ingress asks holds. */
  void leaveToMain(Annotation<?> annotation) {
    for (String prefix : annotation.prefixes()) {
      for (String key : annotation.keys()) {
        if (annotations.containsKey(prefix + key)) {
          add(
              prefix + key,
              Outcome.NO_EFFECT,
              Reason.UnsupportedAnnotation,
              OF_MAIN,
              "write it at the main Ingress");
        }
      }
    }
  }

  private <T> void read(Annotation<T> annotation, String name, String text) {
    if (text.isEmpty() && (!annotation.type().hasEmpty() || !name.endsWith("/" + annotation.key()))) {
      add(name, Outcome.APPLIED, Reason.Accepted, "an empty value counts as none", "");
      return;
    }
    switch (annotation.type().read().apply(text)) {
      case Reading.Good<T>(T value) -> values.put(annotation, new Value(name, value));
      case Reading.Bad<T>(String message) -> {
        bad.add(annotation);
        boolean leavesOut = profile == Profile.NGINX && NginxFates.leavesOut(annotation, text);
        leftOut |= leavesOut;
        closed |= annotation.closes();
        String consequence =
            annotation.closes()
                ? CLOSED
                : "; it is as if the annotation was not there: " + annotation.byDefault();
        add(
            name,
            Outcome.REFUSED,
            Reason.InvalidValue,
            message + (leavesOut ? LEFT_OUT : consequence),
            "write " + annotation.type().syntax());
      }
    }
  }

  /** What is written for a key, whether Isoline acts on it or not; null for nothing. */
  @Nullable String written(String key) {
    String own = annotations.get(Annotations.OWN_PREFIX + key);
    return own == null ? annotations.get(Annotations.NGINX_PREFIX + key) : own;
  }

  /** Whose defaults hold. */
  Profile profile() {
    return profile;
  }

  /** What the settings say of tracing; null where nothing is traced. */
  @Nullable Tracing tracing() {
    return tracing;
  }

  /** Whose annotations they are. */
  ObjectRef ingress() {
    return ingress;
  }

  /** Whether it has a value under {@code isoline.io/}, so that it was written for Isoline. */
  boolean isForUs(Annotation<?> annotation) {
    Value value = values.get(annotation);
    return value != null && value.name().startsWith(AnnotationPrefix.OWN);
  }

  /** How verdicts call an annotation that has a value. */
  String field(Annotation<?> annotation) {
    return field(Objects.requireNonNull(values.get(annotation)).name());
  }

  private static String field(String name) {
    return "metadata.annotations[" + name + "]";
  }

  /** Whether there is an annotation of this key that asks for something, known or not. */
  boolean isThere(String key) {
    return AnnotationPrefix.ALL.stream()
        .anyMatch(prefix -> !annotations.getOrDefault(prefix + key, "").isEmpty());
  }

  /** Whether it is there with a value that cannot be read, of which its author was told. */
  boolean isBad(Annotation<?> annotation) {
    return bad.contains(annotation);
  }

  /** Whether the Ingress is as if it was not there, as with ingress-nginx. */
  boolean isLeftOut() {
    return leftOut;
  }

  /** Whether something that protects cannot be put in force, so that nobody may pass. */
  boolean isClosed() {
    return closed;
  }

  /** The value; null where there is none that could be read. */
  @SuppressWarnings("unchecked") // It was put there by the type of the annotation.
  <T> @Nullable T get(Annotation<T> annotation) {
    Value value = values.get(annotation);
    return value == null ? null : (T) value.value();
  }

  /** The value, or another where there is none that could be read. */
  <T> T get(Annotation<T> annotation, T otherwise) {
    T value = get(annotation);
    return value == null ? otherwise : value;
  }

  /** Says what it means that it is in force, or why in order that nothing comes of it. */
  void applied(Annotation<?> annotation, String message) {
    say(annotation, Outcome.APPLIED, Reason.Accepted, message, "");
  }

  /** Says that it is in force, but not to the letter. */
  void differs(Annotation<?> annotation, String message, String fix) {
    say(annotation, Outcome.APPLIED_WITH_DIFFERENCE, Reason.InvalidValue, message, fix);
  }

  /** Says that nothing is wrong with it, and that nothing comes of it. */
  void noEffect(Annotation<?> annotation, Reason reason, String message, String fix) {
    say(annotation, Outcome.NO_EFFECT, reason, message, fix);
  }

  /** Says that nothing comes of it, as it is refused. */
  void refused(Annotation<?> annotation, Reason reason, String message, String fix) {
    say(annotation, Outcome.REFUSED, reason, message, fix);
  }

  /** Says that something that protects cannot be put in force, and lets nobody pass. */
  void closed(Annotation<?> annotation, Reason reason, String message, String fix) {
    closed = true;
    say(annotation, Outcome.REFUSED, reason, message + CLOSED, fix);
  }

  /** The same, for all hosts of the Ingress. */
  void closedHost(Annotation<?> annotation, Reason reason, String message, String fix) {
    say(annotation, Outcome.REFUSED, reason, message + CLOSED_HOST, fix);
  }

  private void say(
      Annotation<?> annotation, Outcome outcome, Reason reason, String message, String fix) {
    Value value = values.get(annotation);
    if (value != null) {
      spoken.add(annotation);
      add(value.name(), outcome, reason, message, fix);
    }
  }

  /** Says of what nobody spoke of that it is in force. */
  void end() {
    values.forEach(
        (annotation, value) -> {
          if (!spoken.contains(annotation)) {
            Annotation<?> within = annotation.within();
            add(
                value.name(),
                Outcome.APPLIED,
                Reason.Accepted,
                within == null || isOn(within)
                    ? "it is in force"
                    : "without " + within + " it means nothing",
                "");
          }
        });
  }

  /** Whether an annotation is there and does not say no. */
  private boolean isOn(Annotation<?> annotation) {
    Value value = values.get(annotation);
    return value != null && !value.value().equals(false);
  }

  private void add(String name, Outcome outcome, Reason reason, String message, String fix) {
    verdicts.add(
        new Verdict(ingress, field(name), outcome, reason, message, fix));
  }
}
