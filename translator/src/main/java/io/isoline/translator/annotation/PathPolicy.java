package io.isoline.translator.annotation;

import io.isoline.translator.expression.Target;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of an Ingress ask of its paths.
 *
 * @param expressions whether paths are expressions
 * @param target what the path becomes that a backend gets, or where clients are sent; null for what
 *     it is
 * @param forwardedPrefix what backends get as {@code X-Forwarded-Prefix} where the path becomes
 *     another; null for what the client sent
 */
public record PathPolicy(
    boolean expressions, @Nullable Target target, @Nullable Target forwardedPrefix) {

  /** Paths are what they are. */
  public static final PathPolicy NONE = new PathPolicy(false, null, null);

  /** The target of a path, as it is written; null where it stays. */
  public @Nullable Target target(String path) {
    return target != null && target.text().equals(path) ? null : target;
  }

  /** Whether all paths of a host are expressions once it has this one. */
  public boolean makesExpressions(String path) {
    return expressions || target(path) != null;
  }
}
