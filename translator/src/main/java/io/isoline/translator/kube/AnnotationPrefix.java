package io.isoline.translator.kube;

import java.util.List;

/** What the names of the annotations begin with that Isoline acts on. */
public final class AnnotationPrefix {

  /** What new annotations are written with. */
  public static final String OWN = "isoline.io/";

  /** Where ingress-nginx reads its annotations. */
  public static final String NGINX = "nginx.ingress.kubernetes.io/";

  /** Those that go before others first. */
  public static final List<String> ALL = List.of(OWN, NGINX);

  private AnnotationPrefix() {}
}
