package io.isoline.translator;

import io.isoline.translator.envoy.ResourceWriter;
import io.isoline.translator.ingress.IngressTranslation;
import io.isoline.translator.model.ModelChange;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns changes into resources and verdicts. It does nothing about a defect of its own:
 * {@link Translator} does. Owned by one thread.
 */
class Pipeline {

  private final IngressTranslation ingresses;
  private final Map<Resource.Key, String> versions = new HashMap<>();
  private final Map<ObjectRef, List<Verdict>> verdicts = new HashMap<>();
  private final ResourceWriter writer;

  Pipeline(Settings settings) {
    ingresses = new IngressTranslation(settings);
    writer = new ResourceWriter(versions);
  }

  /**
   * Applies changes in their order and says what they came to. When it throws, {@link #versions}
   * and {@link #verdicts} are what they were, and it must not be used for changes any more.
   */
  Update apply(List<Change> changes, Instant now) {
    ModelChange model = translate(changes, now);
    ResourceWriter.Written written = writer.write(model);
    Map<ObjectRef, List<Verdict>> judged = new HashMap<>();
    for (ObjectRef object : ingresses.judged()) {
      List<Verdict> after = judge(object);
      if (!after.equals(verdicts.getOrDefault(object, List.of()))) {
        judged.put(object, after);
      }
    }
    Update update =
        new Update(
            written.changed(), written.removed(), judged, ingresses.recheckAt(), List.of());
    // From here on nothing fails.
    update.removed().forEach(versions::remove);
    update.changed().forEach(resource -> versions.put(resource.key(), resource.version()));
    judged.forEach(
        (object, list) -> {
          if (list.isEmpty()) {
            verdicts.remove(object);
          } else {
            verdicts.put(object, list);
          }
        });
    return update;
  }

  /** The first step; a test can fail here. */
  ModelChange translate(List<Change> changes, Instant now) {
    return ingresses.apply(changes, now);
  }

  /** A part of the last step; a test can fail here. */
  List<Verdict> judge(ObjectRef object) {
    return ingresses.verdicts(object);
  }

  /** The versions of all resources. */
  Map<Resource.Key, String> versions() {
    return versions;
  }

  /** The verdicts of all objects that have any. */
  Map<ObjectRef, List<Verdict>> verdicts() {
    return verdicts;
  }

  IngressTranslation ingresses() {
    return ingresses;
  }
}
