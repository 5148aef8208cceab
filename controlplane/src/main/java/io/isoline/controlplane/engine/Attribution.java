package io.isoline.controlplane.engine;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Translator;
import io.isoline.translator.Update;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * Says which objects are told when an Envoy refuses a resource. Owned by the engine's thread.
 *
 * <p>For most resources the translator knows what they were made of. A listener, and the routes
 * that hosts share, are made of so many Ingresses that nothing says whose fault it is: there the
 * suspects are the objects that changed since all Envoys last took the resource.
 */
final class Attribution {

  /** What Envoy says of a listener whose address is taken, forbidden, or none of the machine's. */
  private static final String CANNOT_BIND = "cannot bind";

  private final Translator translator;
  private final Map<Resource.Key, NavigableSet<ObjectRef>> suspects = new HashMap<>();

  Attribution(Translator translator) {
    this.translator = translator;
  }

  /** Notes which objects changed the resources that are made of many. */
  void changed(List<Change> changes, Update update) {
    List<Resource.Key> shared =
        update.changed().stream().map(Resource::key).filter(translator::isShared).toList();
    if (shared.isEmpty()) {
      return;
    }
    NavigableSet<ObjectRef> objects = Engine.objects(changes);
    for (Resource.Key key : shared) {
      NavigableSet<ObjectRef> ofKey = suspects.computeIfAbsent(key, any -> new TreeSet<>());
      ofKey.removeIf(ingress -> !translator.isIn(ingress, key.type()));
      ofKey.addAll(translator.contributors(key, objects));
    }
  }

  /**
   * Notes that an Envoy took these versions: a resource that all Envoys have has no suspects any
   * more.
   *
   * @param allHave whether a version is the current one, and each Envoy that asked for it has it
   */
  void acknowledged(
      ResourceType type,
      Map<String, String> versions,
      BiPredicate<Resource.Key, String> allHave) {
    suspects
        .keySet()
        .removeIf(
            key -> {
              String version = key.type() == type ? versions.get(key.name()) : null;
              return version != null && allHave.test(key, version);
            });
  }

  /**
   * The objects that are told.
   *
   * @param words what Envoy said
   */
  NavigableSet<ObjectRef> origins(Resource.Key key, String words) {
    if (key.type() == ResourceType.LISTENER && words.contains(CANNOT_BIND)) {
      return new TreeSet<>(); // The machine or the settings are to blame.
    }
    NavigableSet<ObjectRef> origins = translator.origins(key);
    return origins.isEmpty()
        ? new TreeSet<>(suspects.getOrDefault(key, new TreeSet<>()))
        : origins;
  }
}
