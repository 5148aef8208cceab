package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.AnnotationPrefix;
import io.isoline.translator.settings.Profile;
import io.isoline.translator.text.SimilarName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The annotations that Isoline acts on. */
public final class Annotations {

  /** What new annotations are written with; it goes before {@link #NGINX_PREFIX}. */
  public static final String OWN_PREFIX = AnnotationPrefix.OWN;

  /** Where ingress-nginx reads its annotations. */
  public static final String NGINX_PREFIX = AnnotationPrefix.NGINX;

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
          new Timeouts(),
          new CrossOrigin(),
          new AddressLists(),
          new RequestLimits(),
          new ResponseRates(),
          new Firewalls(),
          new BasicAuthentication(),
          new ClientCertificates(),
          new HeaderLists(),
          new Snippets(),
          new CustomHeaders(),
          new Bodies(),
          new NextUpstream(),
          new Handling());

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
    int key = name.indexOf('/') + 1;
    Annotation<?> annotation = BY_KEY.get(name.substring(key));
    return annotation != null && annotation.prefixes().contains(name.substring(0, key));
  }

  /** The key that was meant by a misspelled one; null when it is like none. */
  public static @Nullable String meant(String key) {
    return SimilarName.of(key, BY_KEY.keySet());
  }

  /**
   * What the annotations of an Ingress ask for.
   *
   * @param profile whose defaults hold
   * @param verdicts a list to which what is said of them is added
   */
  public static Policy read(
      ObjectRef ingress,
      Map<String, String> annotations,
      Profile profile,
      List<Verdict> verdicts) {
    if (annotations.keySet().stream().noneMatch(Annotations::isKnown)) {
      return Policy.without(profile);
    }
    Policy.Builder policy = new Policy.Builder(profile);
    List<Verdict> said = new ArrayList<>();
    Values values = new Values(ingress, annotations, profile, said);
    // First of all, as a subject may ask for a value of another.
    ALL.forEach(values::read);
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
}
