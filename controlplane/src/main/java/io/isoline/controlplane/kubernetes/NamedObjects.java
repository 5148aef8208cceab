package io.isoline.controlplane.kubernetes;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.ingress.IngressClasses;
import io.isoline.translator.kube.IngressClassRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.Kind;
import io.isoline.translator.kube.KnownKind;
import io.isoline.translator.kube.References;
import io.isoline.translator.settings.IngressSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides which Secrets and ConfigMaps are read one by one: those that our Ingresses name.
 *
 * <p>A change that names an object for the first time waits until the object has been read, or is
 * known to be missing. Otherwise each new Ingress would be served with the default certificate for
 * a moment, or not at all, and its author be told of a missing Secret that is there. Other changes
 * go before it meanwhile. The wait is bounded: an API server that does not answer holds up nobody
 * for long.
 *
 * <p>Not for several threads at a time.
 */
final class NamedObjects {

  /** Stands for the settings among the objects that changes are about. */
  private static final ObjectRef SETTINGS = new ObjectRef(Kind.of("Settings"), "", "");

  /** Reads objects. */
  interface Reading {

    /** Keep this object in step, and say when it was read first. */
    void start(ObjectRef object);

    void stop(ObjectRef object);
  }

  private record Held(Change change, Set<ObjectRef> objects, long since) {}

  private final Set<KnownKind> kinds;
  private final Reading reading;
  private final IngressClasses classes = new IngressClasses();
  private final Map<ObjectRef, IngressRecord> ingresses = new HashMap<>();

  /**
   * The objects that are read for each Ingress: those that it names, and while its change waits,
   * those that it named before.
   */
  private final Map<ObjectRef, Set<ObjectRef>> named = new HashMap<>();

  private final Map<ObjectRef, Set<ObjectRef>> users = new HashMap<>();
  private final Set<ObjectRef> unanswered = new HashSet<>();
  private final Map<ObjectRef, Held> held = new LinkedHashMap<>();

  /**
   * The changes that wait for each object, so that an answer costs no more than what it lets go.
   * May name changes that no longer wait.
   */
  private final Map<ObjectRef, Set<ObjectRef>> waiting = new HashMap<>();

  /** The changes that wait for nothing any more. */
  private final Deque<ObjectRef> ready = new ArrayDeque<>();

  private IngressSettings.Classes ours;

  /**
   * Makes a decider that has seen no change yet.
   *
   * @param kinds of which objects are read so
   */
  NamedObjects(IngressSettings.Classes ours, Set<KnownKind> kinds, Reading reading) {
    this.ours = ours;
    this.kinds = kinds;
    this.reading = reading;
  }

  /** Takes changes in their order, and returns what can go on now. */
  List<Change> admit(List<Change> changes, long now) {
    List<Change> admitted = new ArrayList<>();
    for (Change change : changes) {
      switch (change) {
        case Change.Upsert(IngressRecord ingress) -> {
          ingresses.put(ingress.ref(), ingress);
          hold(ingress.ref(), change, want(ingress), now, admitted);
        }
        case Change.Upsert(IngressClassRecord ingressClass) -> {
          classes.put(ingressClass);
          hold(ingressClass.ref(), change, wantAll(), now, admitted);
        }
        case Change.Delete(ObjectRef ref) when ref.kind() == KnownKind.INGRESS -> {
          ingresses.remove(ref);
          held.remove(ref);
          admitted.add(change);
          release(ref, Set.of(), admitted);
        }
        case Change.Delete(ObjectRef ref) when ref.kind() == KnownKind.INGRESS_CLASS -> {
          classes.remove(ref);
          hold(ref, change, wantAll(), now, admitted);
        }
        case Change.Configure configure -> {
          ours = configure.settings().ingress().classes();
          hold(SETTINGS, change, wantAll(), now, admitted);
        }
        case Change.Upsert _, Change.Delete _, Change.Unreadable _ -> admitted.add(change);
      }
    }
    letGoReady(admitted);
    return admitted;
  }

  /**
   * Notes that an object was read, or cannot be read; returns the changes that waited for it and
   * for no other.
   */
  List<Change> answered(ObjectRef object) {
    List<Change> admitted = new ArrayList<>();
    waitNoMore(object);
    letGoReady(admitted);
    return admitted;
  }

  /**
   * Returns the changes that have waited since before a time: they go on without what they name.
   */
  List<Change> overdue(long time) {
    Set<ObjectRef> missing = new TreeSet<>();
    List<ObjectRef> late = new ArrayList<>();
    held.forEach(
        (ref, each) -> {
          if (each.since() - time < 0) {
            missing.addAll(each.objects());
            late.add(ref);
          }
        });
    List<Change> admitted = new ArrayList<>();
    for (ObjectRef object : missing) {
      admitted.add(
          new Change.Unreadable(object, "the API server has not answered when asked for it", ""));
    }
    late.forEach(ref -> letGo(ref, admitted));
    letGoReady(admitted);
    return admitted;
  }

  /** Whether anything waits. */
  boolean isHolding() {
    return !held.isEmpty();
  }

  /** Ends the waiting for an object that was read, or that nobody names any more. */
  private void waitNoMore(ObjectRef object) {
    unanswered.remove(object);
    for (ObjectRef ref : waiting.getOrDefault(object, Set.of())) {
      Held each = held.get(ref);
      if (each != null && each.objects().remove(object) && each.objects().isEmpty()) {
        ready.add(ref);
      }
    }
    waiting.remove(object);
  }

  /**
   * Lets go what is ready. That may make others ready; a change that is another one by now may wait
   * again.
   */
  private void letGoReady(List<Change> admitted) {
    for (ObjectRef ref = ready.poll(); ref != null; ref = ready.poll()) {
      Held each = held.get(ref);
      if (each != null && each.objects().isEmpty()) {
        letGo(ref, admitted);
      }
    }
  }

  private void letGo(ObjectRef ref, List<Change> admitted) {
    Held each = held.remove(ref);
    if (each != null) {
      admitted.add(each.change());
      settle(ref, admitted);
    }
  }

  private void hold(
      ObjectRef ref, Change change, Set<ObjectRef> objects, long now, List<Change> admitted) {
    if (objects.isEmpty()) {
      held.remove(ref);
      admitted.add(change);
      settle(ref, admitted);
    } else {
      Held before = held.put(ref, new Held(change, objects, now));
      if (before != null) {
        // An object that changes all the time must not wait all the time.
        held.put(ref, new Held(change, objects, before.since()));
      }
      objects.forEach(
          object -> waiting.computeIfAbsent(object, any -> new LinkedHashSet<>()).add(ref));
    }
  }

  /** Notes that a change went on, and stops reading the objects that were named only before it. */
  private void settle(ObjectRef ref, List<Change> admitted) {
    if (ref.kind() == KnownKind.INGRESS) {
      IngressRecord ingress = ingresses.get(ref);
      release(ref, ingress == null ? Set.of() : names(ingress), admitted);
    } else {
      for (IngressRecord ingress : ingresses.values()) {
        if (!held.containsKey(ingress.ref())) {
          release(ingress.ref(), names(ingress), admitted);
        }
      }
    }
  }

  private void release(ObjectRef ingress, Set<ObjectRef> still, List<Change> admitted) {
    Set<ObjectRef> before = still.isEmpty() ? named.remove(ingress) : named.put(ingress, still);
    for (ObjectRef object : before == null ? Set.<ObjectRef>of() : before) {
      Set<ObjectRef> left = users.get(object);
      if (!still.contains(object) && left != null && left.remove(ingress) && left.isEmpty()) {
        users.remove(object);
        waitNoMore(object);
        reading.stop(object);
        admitted.add(new Change.Delete(object));
      }
    }
  }

  private Set<ObjectRef> wantAll() {
    Set<ObjectRef> waitFor = new HashSet<>();
    ingresses.values().forEach(ingress -> waitFor.addAll(want(ingress)));
    return waitFor;
  }

  /** Begins to read what an Ingress names; returns those that are still to be waited for. */
  private Set<ObjectRef> want(IngressRecord ingress) {
    Set<ObjectRef> waitFor = new HashSet<>();
    for (ObjectRef object : names(ingress)) {
      if (named.computeIfAbsent(ingress.ref(), any -> new HashSet<>()).add(object)
          && users.computeIfAbsent(object, any -> new HashSet<>()).add(ingress.ref())
          && users.getOrDefault(object, Set.of()).size() == 1) {
        unanswered.add(object);
        reading.start(object);
      }
      if (unanswered.contains(object)) {
        waitFor.add(object);
      }
    }
    return waitFor;
  }

  /** What an Ingress names of these kinds, if it is ours. */
  private Set<ObjectRef> names(IngressRecord ingress) {
    Set<ObjectRef> names = new HashSet<>();
    if (classes.refusal(ingress, ours) == null) {
      for (ObjectRef each : References.of(ingress).values()) {
        if (each.kind() instanceof KnownKind kind && kinds.contains(kind)) {
          names.add(each);
        }
      }
    }
    return names;
  }
}
