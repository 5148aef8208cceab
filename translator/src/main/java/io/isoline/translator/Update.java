package io.isoline.translator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a batch of changes came to.
 *
 * @param changed resources that are new or whose version differs, by type and name
 * @param removed resources that are no more
 * @param verdicts all verdicts of each object whose verdicts differ from before, in the order of
 *     the fields; an empty list for an object that is gone
 * @param recheckAt when the clock alone changes the outcome next (a certificate expires, or
 *     becomes valid): apply an empty batch then. Null when it never does
 * @param defects changes that were left out, as the translation failed on them
 */
public record Update(
    List<Resource> changed,
    Set<Resource.Key> removed,
    Map<ObjectRef, List<Verdict>> verdicts,
    @Nullable Instant recheckAt,
    List<Defect> defects) {

  /**
   * The translation failed, which nothing should make it do.
   *
   * @param changes those that it failed on: one, or some when it failed on too many; none when it
   *     did not fail when it began anew
   */
  public record Defect(List<Change> changes, RuntimeException cause) {}

  public Update {
    changed = List.copyOf(changed);
    removed = Set.copyOf(removed);
    defects = List.copyOf(defects);
  }

  public boolean isEmpty() {
    return changed.isEmpty() && removed.isEmpty() && verdicts.isEmpty();
  }
}
