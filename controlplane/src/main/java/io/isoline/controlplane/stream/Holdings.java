package io.isoline.controlplane.stream;

import io.isoline.translator.Resource;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client may hold of one type. It errs on the side of too much: it has a name from the
 * moment it is sent, or claimed by the client, until its removal is acknowledged. A refused
 * response takes nothing out, as a client may have taken parts of it.
 */
final class Holdings {

  /**
   * One name.
   *
   * @param sent the version that was sent last or that the client claims; null when nobody can say,
   *     so that whatever is wanted must be sent
   * @param good what the client acknowledged last, null when it did not, or when only its version
   *     is known
   * @param foreign whether it came with a version from an earlier stream that is not the current
   *     one, and took no other since
   */
  record Held(@Nullable String sent, @Nullable Resource good, boolean foreign) {}

  private final Map<String, Held> byName = new HashMap<>();
  private final SetHash hash = new SetHash();
  private final boolean hashed;
  private long characters;
  private long foreignCharacters;

  /** {@code hashed}: whether {@link #version} is wanted, which costs a little for each change. */
  Holdings(boolean hashed) {
    this.hashed = hashed;
  }

  @Nullable Held find(String name) {
    return byName.get(name);
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  Set<String> names() {
    return Collections.unmodifiableSet(byName.keySet());
  }

  int size() {
    return byName.size();
  }

  /**
   * Notes that the client says it has a version of a name; {@code resource} is what that means, if
   * anybody knows.
   */
  void claimed(String name, String version, @Nullable Resource resource) {
    set(name, new Held(version, resource, resource == null));
  }

  void sent(Resource resource) {
    Held held = byName.get(resource.name());
    Resource good = held == null ? null : held.good();
    set(resource.name(), new Held(resource.version(), good, held != null && held.foreign()));
  }

  /**
   * Notes that nobody can say any more which version the client has; no effect when it has none.
   */
  void uncertain(String name) {
    Held held = byName.get(name);
    if (held != null) {
      set(name, new Held(null, held.good(), held.foreign()));
    }
  }

  /** Notes that the client took a resource; no effect when it gave the name up meanwhile. */
  void acknowledged(Resource resource) {
    Held held = byName.get(resource.name());
    if (held != null) {
      set(resource.name(), new Held(held.sent(), resource, false));
    }
  }

  void remove(String name) {
    forget(name, byName.remove(name));
  }

  /** The length of all names and versions together. */
  long characters() {
    return characters;
  }

  /** The length of the names and versions together that the client came with and nobody knows. */
  long foreignCharacters() {
    return foreignCharacters;
  }

  private static int length(String name, Held held) {
    return name.length() + (held.sent() == null ? 0 : held.sent().length());
  }

  /** A hash over the names and versions that were sent. */
  String version() {
    return hash.toString();
  }

  @Nullable Resource goodOf(String name) {
    Held held = byName.get(name);
    return held == null ? null : held.good();
  }

  private void set(String name, Held held) {
    forget(name, byName.put(name, held));
    characters += length(name, held);
    foreignCharacters += held.foreign() ? length(name, held) : 0;
    if (hashed && held.sent() != null) {
      hash.add(name, held.sent());
    }
  }

  private void forget(String name, @Nullable Held old) {
    characters -= old == null ? 0 : length(name, old);
    foreignCharacters -= old == null || !old.foreign() ? 0 : length(name, old);
    if (hashed && old != null && old.sent() != null) {
      hash.remove(name, old.sent());
    }
  }
}
