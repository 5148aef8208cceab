package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.AnnotationPrefix;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.settings.Profile;
import io.isoline.translator.text.SimilarName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The annotations that Isoline acts on. */
public final class Annotations {

  /** What new annotations are written with; it goes before {@link #NGINX_PREFIX}. */
  public static final String OWN_PREFIX = AnnotationPrefix.OWN;

  /** Where ingress-nginx reads its annotations. */
  public static final String NGINX_PREFIX = AnnotationPrefix.NGINX;

  /** What says no, in any case of its letters. */
  private static final Set<String> NO = Set.of("", "0", "f", "false", "no", "off", "n");

  private static final Canaries CANARIES = new Canaries();

  private static final List<Subject> SUBJECTS =
      List.of(
          new HttpsRedirects(),
          new Redirects(),
          new UpstreamHosts(),
          new WholeHosts(),
          new Rewrites(),
          new LocationPrefixes(),
          new BackendProtocols(),
          new BackendConnections(),
          new Sessions(),
          new LoadBalancing(),
          CANARIES,
          new Timeouts(),
          new CrossOrigin(),
          new AddressLists(),
          new RequestLimits(),
          new ResponseRates(),
          new Firewalls(),
          new BasicAuthentication(),
          new ClientCertificates(),
          new ExternalAuthentication(),
          new Satisfaction(),
          new ServerCiphers(),
          new Passthrough(),
          new HeaderLists(),
          new Snippets(),
          new CustomHeaders(),
          new Bodies(),
          new NextUpstream(),
          new Errors(),
          new Handling(),
          new Traces(),
          new Cookies(),
          new BackendCertificates(),
          new Mirrors());

  private static final Map<String, Annotation<?>> BY_KEY = byKey();

  private static final List<Annotation<?>> ALL =
      BY_KEY.values().stream().distinct().toList();

  private Annotations() {}

  private static Map<String, Annotation<?>> byKey() {
    Map<String, Annotation<?>> byKey = new LinkedHashMap<>();
    for (Subject subject : SUBJECTS) {
      for (Annotation<?> annotation : subject.annotations()) {
        for (String key : annotation.keys()) {
          if (byKey.put(key, annotation) != null) {
            throw new IllegalStateException(key + " is there twice");
          }
        }
      }
    }
    return byKey;
  }

  /** All of them, in the order of the documentation. */
  public static List<Annotation<?>> all() {
    return ALL;
  }

  /** Whether Isoline acts on an annotation of this whole name. */
  public static boolean isKnown(String name) {
    return find(name) != null;
  }

  /** The annotation of a whole name; null when Isoline acts on none of that name. */
  private static @Nullable Annotation<?> find(String name) {
    int key = name.indexOf('/') + 1;
    Annotation<?> annotation = BY_KEY.get(name.substring(key));
    return annotation != null && annotation.prefixes().contains(name.substring(0, key))
        ? annotation
        : null;
  }

  /** Those that an Ingress has, by whichever of their names: few of the many that there are. */
  private static Set<Annotation<?>> among(Map<String, String> annotations) {
    Set<Annotation<?>> among = Collections.newSetFromMap(new IdentityHashMap<>());
    for (String name : annotations.keySet()) {
      Annotation<?> annotation = find(name);
      if (annotation != null) {
        among.add(annotation);
      }
    }
    return among;
  }

  /** The key that was meant by a misspelled one; null when it is like none. */
  public static @Nullable String meant(String key) {
    return SimilarName.of(key, BY_KEY.keySet());
  }

  /** What the annotations of an Ingress ask for where nothing is traced. */
  public static Policy read(
      ObjectRef ingress,
      Map<String, String> annotations,
      Profile profile,
      List<Verdict> verdicts) {
    return read(ingress, annotations, profile, null, verdicts);
  }

  /**
   * What the annotations of an Ingress ask for.
   *
   * @param profile whose defaults hold
   * @param tracing what the settings say of it; null where nothing is traced
   * @param verdicts a list to which what is said of them is added
   */
  public static Policy read(
      ObjectRef ingress,
      Map<String, String> annotations,
      Profile profile,
      @Nullable Tracing tracing,
      List<Verdict> verdicts) {
    Set<Annotation<?>> asked = among(annotations);
    if (asked.isEmpty()) {
      return Policy.without(profile);
    }
    Policy.Builder policy = new Policy.Builder(profile);
    List<Verdict> said = new ArrayList<>();
    Values values = new Values(ingress, annotations, profile, tracing, said);
    // First of all, as a subject may ask for a value of another.
    asked.forEach(values::read);
    SUBJECTS.forEach(subject -> subject.apply(values, policy));
    values.end();
    if (values.isClosed()) {
      policy.deny();
    }
    if (values.isLeftOut()) {
      policy.leaveOut();
    }
    said.sort(null);
    verdicts.addAll(said);
    return policy.build();
  }

  /**
   * How long the annotations are that each path of an Ingress may have to carry, in characters. Lists
   * of hosts are not for a path.
   */
  public static long length(Map<String, String> annotations) {
    long length = 0;
    for (Map.Entry<String, String> each : annotations.entrySet()) {
      Annotation<?> annotation = find(each.getKey());
      if (annotation != null && !annotation.equals(WholeHosts.SERVER_ALIAS)) {
        length += each.getValue().length();
      }
    }
    return length;
  }

  /**
   * What an Ingress gets as a canary, of which no annotation counts but those about that.
   *
   * @param verdicts a list to which what is said of its annotations is added
   * @return null when it does not clearly ask to be one
   */
  public static @Nullable Canary readCanary(
      ObjectRef ingress, Map<String, String> annotations, List<Verdict> verdicts) {
    List<Verdict> said = new ArrayList<>();
    // What ingress-nginx leaves an Ingress out for would be ordinary requests here.
    Values values = new Values(ingress, annotations, Profile.STRICT, null, said);
    for (Annotation<?> annotation : among(annotations)) {
      if (CANARIES.annotations().contains(annotation)) {
        values.read(annotation);
      } else {
        values.leaveToMain(annotation);
      }
    }
    Canary canary = Canaries.canary(values);
    if (canary == null) {
      said.clear();
      return null;
    }
    values.end();
    said.sort(null);
    verdicts.addAll(said);
    return canary;
  }

  /** What annotations ask to keep somebody out, as it is written, by the key of each. */
  public static SortedMap<String, String> protections(Map<String, String> annotations) {
    SortedMap<String, String> protections = new TreeMap<>();
    for (Annotation<?> annotation : ALL) {
      if (annotation.closes()) {
        for (String prefix : annotation.prefixes()) {
          for (String key : annotation.keys()) {
            String value = annotations.get(prefix + key);
            if (value != null) {
              protections.putIfAbsent(annotation.key(), value);
            }
          }
        }
      }
    }
    return protections;
  }

  /**
   * The name of the annotation that makes an Ingress a canary; null when it is none. A value that does
   * not clearly say no counts, as a canary must not get what is not meant for it.
   */
  public static @Nullable String canary(Map<String, String> annotations) {
    for (Map.Entry<String, String> entry : annotations.entrySet()) {
      String name = entry.getKey();
      int slash = name.indexOf('/');
      if (name.substring(slash + 1).equals(Canaries.CANARY.key())
          && (name.startsWith(OWN_PREFIX)
              || name.substring(0, Math.max(0, slash)).endsWith("ingress.kubernetes.io"))
          && !NO.contains(entry.getValue().strip().toLowerCase(Locale.ROOT))) {
        return name;
      }
    }
    return null;
  }
}
