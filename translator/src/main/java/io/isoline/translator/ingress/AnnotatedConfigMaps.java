package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.annotation.FromConfigMap;
import io.isoline.translator.annotation.FromConfigMap.Content;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.derive.Facts;
import io.isoline.translator.kube.ConfigMapRecord;
import java.util.Comparator;
import java.util.Objects;

/**
 * What comes of the ConfigMaps that annotations name: of each wish once, however many Ingresses have
 * it. Owned by the thread that owns the translator.
 */
final class AnnotatedConfigMaps {

  private final Facts<ObjectRef, ConfigMapRecord> known;
  private final Facts<ObjectRef, Content.Unusable> refusals;
  private final Derived<FromConfigMap, Content> contents;

  /**
   * Adds its stages.
   *
   * @param wishes a ConfigMap is read for what has any of these facts
   */
  AnnotatedConfigMaps(Derivation derivation, Facts<FromConfigMap, ?> wishes) {
    known = derivation.facts(Comparator.comparing(ConfigMapRecord::ref));
    refusals = derivation.facts(Comparator.comparing(Content.Unusable::message));
    contents = derivation.derived(wishes, this::read);
  }

  void put(ConfigMapRecord configMap) {
    refusals.put(configMap.ref(), null);
    known.put(configMap.ref(), configMap);
  }

  void remove(ObjectRef ref) {
    refusals.put(ref, null);
    known.put(ref, null);
  }

  /** A ConfigMap cannot be read, for a reason that goes before its not being there. */
  void refuse(ObjectRef ref, String message, String fix) {
    refusals.put(ref, new Content.Unusable(message, fix));
  }

  /** The ConfigMaps that are known. */
  Facts<ObjectRef, ConfigMapRecord> known() {
    return known;
  }

  /** What came of a wish that an Ingress of ours has. */
  Content of(FromConfigMap wish) {
    return Objects.requireNonNull(contents.get(wish));
  }

  private Content read(FromConfigMap wish) {
    ObjectRef ref = wish.configMap();
    ConfigMapRecord configMap = known.first(ref);
    if (configMap != null) {
      return wish.read(configMap);
    }
    Content.Unusable refusal = refusals.first(ref);
    return refusal != null
        ? refusal
        : new Content.Unusable(
            "it does not exist",
            "create it in namespace " + ref.namespace() + ", or correct the annotation");
  }
}
