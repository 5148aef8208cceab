package io.isoline.translator;

import io.isoline.translator.envoy.ResourceWriter;
import io.isoline.translator.ingress.IngressTranslation;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.ModelChange;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Turns Ingresses, and what they refer to, into Envoy resources and verdicts, a change at a time.
 *
 * <p>Not safe for use by several threads: one thread owns it.
 */
public final class Translator {

  private final IngressTranslation ingresses;
  private final ResourceWriter writer;
  private final Map<ObjectRef, List<Verdict>> verdicts = new HashMap<>();

  private Settings settings;

  public Translator(Settings settings) {
    this.settings = settings;
    this.ingresses = new IngressTranslation(settings);
    this.writer = new ResourceWriter(settings);
  }

  /**
   * Applies changes in their order and says what they came to. Translates only what the changes
   * touch. Throws nothing for any content of an object: what is wrong with it is a verdict.
   *
   * @param changes may be empty, when only the clock has moved
   * @param now decides which certificates are valid
   */
  public Update apply(List<Change> changes, Instant now) {
    for (Change change : changes) {
      if (change instanceof Change.Configure configure) {
        settings = configure.settings();
        writer.configure(settings);
      }
    }
    ModelChange model = ingresses.apply(changes, now);
    ResourceWriter.Written written = writer.write(model);
    Map<ObjectRef, List<Verdict>> judged = new HashMap<>();
    for (ObjectRef object : ingresses.judged()) {
      List<Verdict> after = ingresses.verdicts(object, now);
      List<Verdict> before =
          after.isEmpty() ? verdicts.remove(object) : verdicts.put(object, after);
      if (!after.equals(before == null ? List.of() : before)) {
        judged.put(object, after);
      }
    }
    return new Update(written.changed(), written.removed(), judged, ingresses.recheckAt());
  }

  /** All verdicts of all objects as of the last change: a view, in no order. */
  public Map<ObjectRef, List<Verdict>> verdicts() {
    return Collections.unmodifiableMap(verdicts);
  }

  /**
   * The objects that a resource was made of, to tell them when Envoy refuses it.
   *
   * @param words what Envoy said: of a resource that is made of many objects, those are returned
   *     whose host it names
   */
  public NavigableSet<ObjectRef> origins(Resource.Key resource, String words) {
    NavigableSet<ObjectRef> origins = new TreeSet<>();
    switch (resource.type()) {
      case CLUSTER, ENDPOINT -> addUsed("Service", resource.name(), origins);
      case SECRET -> addUsed("Secret", resource.name(), origins);
      case EXTENSION -> {}
      case LISTENER, SCOPE, ROUTE -> {
        // The routes of a host have its name behind a slash.
        int slash = resource.name().indexOf('/');
        String named = slash < 0 ? words : resource.name().substring(slash + 1);
        for (String word : named.split("[^-a-zA-Z0-9.*]+", -1)) {
          origins.addAll(ingresses.claimants(new Host(word)));
        }
      }
    }
    return origins;
  }

  private void addUsed(String kind, String resource, NavigableSet<ObjectRef> origins) {
    String[] parts = resource.split("/", -1);
    if (parts.length > 1) {
      ObjectRef used = new ObjectRef(kind, parts[0], parts[1]);
      origins.add(used);
      origins.addAll(ingresses.users(used));
    }
  }

  public Settings settings() {
    return settings;
  }
}
