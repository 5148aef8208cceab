package io.isoline.controlplane.stream;

import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a client subscribes to of one type: names, or everything.
 *
 * <p>{@code *} is everything. For a {@linkplain ResourceType#isWholeSet whole set} an empty first
 * request is an old way to say {@code *}. In state-of-the-world that holds until the client has
 * named anything; after that an empty list asks for nothing.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol#how-the-client-specifies-what-resources-to-return">xDS
 *     protocol, "How the client specifies what resources to return"</a>
 */
final class Subscriptions {
  private static final String WILDCARD = "*";

  private final ResourceType type;
  private final ResourceStore store;
  private final Set<String> names = new LinkedHashSet<>();
  private long characters;

  /** Those of the names that the store did not have, so that they are kept for this client alone. */
  private final Set<String> strangers = new HashSet<>();

  private long strangeCharacters;
  private boolean named;
  private boolean wildcard;

  Subscriptions(ResourceType type, ResourceStore store) {
    this.type = type;
    this.store = store;
  }

  /** Adds and takes away, as delta does. {@code first} is the first request of the type. */
  void change(boolean first, Collection<String> subscribe, Collection<String> unsubscribe) {
    if (first && subscribe.isEmpty() && type.isWholeSet()) {
      wildcard = true;
    }
    for (String name : unsubscribe) {
      if (name.equals(WILDCARD)) {
        wildcard = false;
      } else {
        characters -= names.remove(name) ? name.length() : 0;
        strangeCharacters -= strangers.remove(name) ? name.length() : 0;
      }
    }
    add(subscribe.stream().map(this::shared).toList());
  }

  /** Takes a new list, as state-of-the-world does. */
  void replace(List<String> all) {
    named |= !all.isEmpty();
    names.clear();
    characters = 0;
    strangers.clear();
    strangeCharacters = 0;
    wildcard = !named && type.isWholeSet();
    add(all);
  }

  private void add(Collection<String> all) {
    for (String name : all) {
      if (name.equals(WILDCARD)) {
        wildcard = true;
      } else {
        boolean added = names.add(name);
        characters += added ? name.length() : 0;
        if (added && store.find(type, name) == null) {
          strangers.add(name);
          strangeCharacters += name.length();
        }
      }
    }
  }

  /**
   * The store's copy of the name, if it has one: that is one for all streams, and they name tens of
   * thousands. In state-of-the-world the names come again with each request, so that the search would
   * cost more than it saves.
   */
  private String shared(String name) {
    Resource resource = store.find(type, name);
    return resource == null ? name : resource.name();
  }

  boolean includes(String name) {
    return wildcard || names.contains(name);
  }

  boolean isWildcard() {
    return wildcard;
  }

  /** The length of all {@link #names} together. */
  long characters() {
    return characters;
  }

  /** The length of those of the names together that the store did not have. */
  long strangeCharacters() {
    return strangeCharacters;
  }

  int strangers() {
    return strangers.size();
  }

  /** The names that were subscribed to one by one: a view. */
  Set<String> names() {
    return Collections.unmodifiableSet(names);
  }
}
