package io.isoline.translator;

import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Turns Ingresses, and what they refer to, into Envoy resources and verdicts, a change at a time.
 *
 * <p>Not safe for use by several threads: one thread owns it.
 */
public final class Translator {

  private Settings settings;

  public Translator(Settings settings) {
    this.settings = settings;
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
      }
    }
    return new Update(List.of(), java.util.Set.of(), java.util.Map.of(), null);
  }

  /** The objects that a resource was made of, to tell them when Envoy refuses it. */
  public SortedSet<ObjectRef> origins(Resource.Key resource) {
    return new TreeSet<>();
  }

  public Settings settings() {
    return settings;
  }
}
