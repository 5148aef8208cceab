package io.isoline.translator.kube;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.text.Blanks;
import org.jspecify.annotations.Nullable;

/**
 * A Secret as annotations name one: {@code name} or {@code namespace/name}, blanks around it ignored.
 *
 * @param namespace null where none is written, which is that of whoever names it
 */
public record SecretName(@Nullable String namespace, String name) {

  /** The name in a text; null when it can't be one. */
  public static @Nullable SecretName parse(String text) {
    String stripped = Blanks.stripped(text);
    int slash = stripped.indexOf('/');
    String namespace = slash < 0 ? null : stripped.substring(0, slash);
    String name = stripped.substring(slash + 1);
    return KnownKind.SECRET.canBeNamed(name)
            && (namespace == null || KnownKind.NAMESPACE.canBeNamed(namespace))
        ? new SecretName(namespace, name)
        : null;
  }

  /**
   * The Secret, as seen from a namespace; null when it is in another one, of which nobody outside
   * gets anything.
   */
  public @Nullable ObjectRef from(String ownNamespace) {
    return namespace == null || namespace.equals(ownNamespace)
        ? ObjectRef.secret(ownNamespace, name)
        : null;
  }
}
