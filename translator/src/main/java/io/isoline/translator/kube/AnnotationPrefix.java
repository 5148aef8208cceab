package io.isoline.translator.kube;

import java.util.List;

/** The prefixes of the annotations that Isoline acts on. */
public final class AnnotationPrefix {

  /** Isoline's own prefix, for new annotations. */
  public static final String OWN = "isoline.io/";

  /** The prefix of ingress-nginx. */
  public static final String NGINX = "nginx.ingress.kubernetes.io/";

  /** All prefixes; of two annotations, the one whose prefix comes first counts. */
  public static final List<String> ALL = List.of(OWN, NGINX);

  private AnnotationPrefix() {}
}
