package io.isoline.translator;

import io.isoline.translator.envoy.ResourceWriter;
import io.isoline.translator.ingress.InForce;
import io.isoline.translator.ingress.IngressTranslation;
import io.isoline.translator.kube.KnownKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Turns Ingresses, and what they refer to, into Envoy resources and verdicts, a change at a time.
 *
 * <p>Not safe for use by several threads: one thread owns it.
 */
public final class Translator {

  private final Function<Settings, Pipeline> start;

  /** All known objects, to begin anew with. */
  private final Map<ObjectRef, Change.Upsert> objects = new HashMap<>();

  private final Map<ObjectRef, Change.Unreadable> unreadable = new HashMap<>();

  private Settings settings;
  private Pipeline pipeline;

  /** Whether all that the pipeline was given went through it. */
  private boolean intact = true;

  public Translator(Settings settings) {
    this(settings, Pipeline::new);
  }

  /**
   * The same for tests that need a defect.
   *
   * @param start makes the pipeline
   */
  Translator(Settings settings, Function<Settings, Pipeline> start) {
    this.settings = settings;
    this.start = start;
    this.pipeline = start.apply(settings);
  }

  /**
   * Applies changes in their order and says what they came to. Translates only what the changes
   * touch. Throws nothing for any content of an object: what is wrong with it is a verdict.
   *
   * <p>If the translation fails all the same, by a defect of its own, it leaves out the changes
   * that it fails on; their objects stay as they were, unless it fails on that, too.
   *
   * @param changes may be empty, when only the clock has moved
   * @param now decides which certificates are valid
   */
  public Update apply(List<Change> changes, Instant now) {
    RuntimeException failure;
    if (intact) {
      intact = false;
      try {
        Update update = pipeline.apply(changes, now);
        changes.forEach(this::accept);
        intact = true;
        return update;
      } catch (RuntimeException e) {
        failure = e;
      }
    } else {
      failure = new IllegalStateException("the last batch did not go through");
    }
    Update update = applyWithoutDefects(changes, now, failure);
    intact = true;
    return update;
  }

  private Update applyWithoutDefects(
      List<Change> changes, Instant now, RuntimeException failure) {
    Settings before = settings;
    Isolation isolation = new Isolation(() -> start.apply(before), now);
    isolation.enterDoubtful(known());
    isolation.enterDoubtful(changes);
    Update update = isolation.since(pipeline, failure);
    pipeline = isolation.pipeline();
    objects.clear();
    unreadable.clear();
    isolation.accepted().forEach(this::accept);
    return update;
  }

  private void accept(Change change) {
    switch (change) {
      case Change.Upsert upsert -> {
        ObjectRef ref = upsert.object().ref();
        objects.put(ref, upsert);
        unreadable.remove(ref);
      }
      case Change.Delete delete -> {
        objects.remove(delete.object());
        unreadable.remove(delete.object());
      }
      case Change.Unreadable fault -> unreadable.put(fault.object(), fault);
      case Change.Configure configure -> settings = configure.settings();
    }
  }

  /**
   * All known objects in a fixed order, so that of two that fail together the same one is left out
   * each time.
   */
  private List<Change> known() {
    List<Change> known = new ArrayList<>(new TreeMap<>(objects).values());
    known.addAll(new TreeMap<>(unreadable).values());
    return known;
  }

  /** All verdicts of all objects as of the last change: a view, in no order. */
  public Map<ObjectRef, List<Verdict>> verdicts() {
    return Collections.unmodifiableMap(pipeline.verdicts());
  }

  /** How much of an Ingress of ours is in force as of the last change. */
  public InForce inForce(ObjectRef ingress) {
    return pipeline.ingresses().inForce(ingress);
  }

  /**
   * The objects that a resource was made of, to tell them when Envoy refuses it; none of one that
   * is {@link #isShared shared} by many.
   */
  public NavigableSet<ObjectRef> origins(Resource.Key resource) {
    IngressTranslation ingresses = pipeline.ingresses();
    return switch (resource.type()) {
      case CLUSTER -> ingresses.originsOfBackend(resource.name());
      case ENDPOINT -> ingresses.originsOfEndpoints(resource.name());
      case SECRET -> ingresses.originsOfCertificate(resource.name());
      case SCOPE, ROUTE ->
          ResourceWriter.hostOf(resource)
              .map(ingresses::originsOfHost)
              .orElseGet(TreeSet::new);
      case LISTENER -> ingresses.originsOfListener(resource.name());
      case EXTENSION -> new TreeSet<>();
    };
  }

  /** Whether a resource is made of so many objects that its origins would tell nothing. */
  public boolean isShared(Resource.Key resource) {
    return switch (resource.type()) {
      case LISTENER -> pipeline.ingresses().originsOfListener(resource.name()).isEmpty();
      case ROUTE -> ResourceWriter.hostOf(resource).isEmpty();
      case CLUSTER, ENDPOINT, SECRET, EXTENSION, SCOPE -> false;
    };
  }

  /**
   * The Ingresses that changed a resource which is made of many: a listener, or the routes that
   * hosts share. Of another resource none.
   *
   * @param changed the objects that changed. When no Ingress among them is in the resource, those
   *     are meant that refer to the others
   */
  public NavigableSet<ObjectRef> contributors(
      Resource.Key resource, Collection<ObjectRef> changed) {
    NavigableSet<ObjectRef> among = new TreeSet<>(changed);
    among.removeIf(object -> !isIn(object, resource.type()));
    if (among.isEmpty()) {
      KnownKind kind =
          resource.type() == ResourceType.LISTENER ? KnownKind.SECRET : KnownKind.SERVICE;
      changed.stream()
          .filter(object -> object.kind() == kind)
          .forEach(object -> among.addAll(pipeline.ingresses().users(object)));
      among.removeIf(object -> !isIn(object, resource.type()));
    }
    return among;
  }

  /** Whether an Ingress is in the resource of that type that is made of many. */
  public boolean isIn(ObjectRef ingress, ResourceType shared) {
    return switch (shared) {
      case LISTENER -> pipeline.ingresses().hasTls(ingress);
      case ROUTE -> pipeline.ingresses().hasSharedRoutes(ingress);
      case CLUSTER, ENDPOINT, SECRET, EXTENSION, SCOPE -> false;
    };
  }

  public Settings settings() {
    return settings;
  }
}
