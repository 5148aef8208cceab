package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.ConfigMapRecord;
import io.isoline.translator.model.RouteOption;

/**
 * An option of routes that is in a ConfigMap which an annotation names, so that it is not known when
 * the Ingress is read alone. To be a record: equal ones are read once.
 */
public interface FromConfigMap {

  /** The ConfigMap, which is of the namespace of the Ingress. */
  ObjectRef configMap();

  /** The annotation that names it, as verdicts call it. */
  String field();

  /** What comes of it. */
  Content read(ConfigMapRecord configMap);

  /** What a ConfigMap comes to. */
  sealed interface Content {

    /** It has what it is named for. */
    record Found(RouteOption option) implements Content {}

    /**
     * It has not, and requests get 503.
     *
     * @param message a clause about the ConfigMap that says why
     */
    record Unusable(String message, String fix) implements Content {}
  }
}
