package io.isoline.controlplane.stream;

import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds what every Envoy is to have: the current resources by type and name.
 *
 * <p>A change is told to the streams by the names that changed, so that its cost grows with the
 * change and the number of streams, not with what is stored. Until the store is loaded it tells
 * nothing, and streams answer nothing: half a configuration would take the other half away from an
 * Envoy that has it.
 *
 * <p>Owned by the engine's thread.
 */
public final class ResourceStore {

  /** Is told what changed. */
  public interface Listener {

    /** After the first full load. */
    void loaded();

    /** After a change of a loaded store. The keys are of resources that are new, other or gone. */
    void changed(List<Resource.Key> keys);
  }

  /**
   * How much there is of a type.
   *
   * @param resources how many
   * @param bytes of all of them, without names and versions
   */
  public record Total(int resources, long bytes) {}

  private final Map<ResourceType, SortedMap<String, Resource>> resources =
      new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, SetHash> versions = new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, Long> bytes = new EnumMap<>(ResourceType.class);
  private final Set<Listener> listeners = new LinkedHashSet<>();
  private boolean loaded;

  public ResourceStore() {
    for (ResourceType type : ResourceType.values()) {
      resources.put(type, new TreeMap<>());
      versions.put(type, new SetHash());
    }
  }

  /**
   * Takes a translator's update over and, when the store is loaded, tells the streams.
   *
   * @param changed new or changed resources; one that is here in the same version is no change
   * @param removed resources that are no more; an unknown one is no change
   */
  public void apply(List<Resource> changed, Set<Resource.Key> removed) {
    List<Resource.Key> keys = new ArrayList<>(changed.size() + removed.size());
    for (Resource.Key key : removed) {
      Resource old = of(key.type()).remove(key.name());
      if (old != null) {
        versionOf(key.type()).remove(old.name(), old.version());
        bytes.merge(key.type(), -old.bytes(), Long::sum);
        keys.add(key);
      }
    }
    for (Resource resource : changed) {
      Resource old = of(resource.type()).put(resource.name(), resource);
      if (old == null || !old.version().equals(resource.version())) {
        if (old != null) {
          versionOf(resource.type()).remove(old.name(), old.version());
          bytes.merge(resource.type(), -old.bytes(), Long::sum);
        }
        versionOf(resource.type()).add(resource.name(), resource.version());
        bytes.merge(resource.type(), resource.bytes(), Long::sum);
        keys.add(resource.key());
      }
    }
    if (loaded && !keys.isEmpty()) {
      List.copyOf(listeners).forEach(listener -> listener.changed(keys));
    }
  }

  /** Says that the first full load is in: from now on streams are answered. Once is enough. */
  public void markLoaded() {
    if (!loaded) {
      loaded = true;
      List.copyOf(listeners).forEach(Listener::loaded);
    }
  }

  public boolean isLoaded() {
    return loaded;
  }

  /** The resource, or null when there is none. */
  public @Nullable Resource find(Resource.Key key) {
    return of(key.type()).get(key.name());
  }

  @Nullable Resource find(ResourceType type, String name) {
    return of(type).get(name);
  }

  /** All resources of a type by name: a view that changes with the store. */
  public Collection<Resource> all(ResourceType type) {
    return Collections.unmodifiableCollection(of(type).values());
  }

  /** A hash over all names and versions of a type, equal for equal content. */
  public String version(ResourceType type) {
    return versionOf(type).toString();
  }

  /** How much there is of each type, as of now. */
  public Map<ResourceType, Total> totals() {
    Map<ResourceType, Total> totals = new EnumMap<>(ResourceType.class);
    resources.forEach(
        (type, byName) ->
            totals.put(type, new Total(byName.size(), bytes.getOrDefault(type, 0L))));
    return totals;
  }

  public void listen(Listener listener) {
    listeners.add(listener);
  }

  public void ignore(Listener listener) {
    listeners.remove(listener);
  }

  @SuppressWarnings("NullAway") // the constructor fills the map with every type
  private SortedMap<String, Resource> of(ResourceType type) {
    return resources.get(type);
  }

  @SuppressWarnings("NullAway") // the constructor fills the map with every type
  private SetHash versionOf(ResourceType type) {
    return versions.get(type);
  }
}
