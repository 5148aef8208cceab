package io.isoline.controlplane.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.isoline.controlplane.kubernetes.ReadFailure.Cause;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.kube.KnownKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds an engine from the API server: everything at once when it has all been read, and then each
 * change.
 *
 * <p>Each kind of object, in each namespace where not all are watched, is read by a {@link
 * Reflector} with a thread of its own, and so is each Secret and ConfigMap that an Ingress names. They meet in
 * the lock of this object, which is held for as long as it takes to compare an object and to hand
 * it over.
 */
public final class ClusterFeed implements ObjectIndex, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterFeed.class);

  /**
   * How many named objects are asked for at a time: thousands at once would be more than a server
   * takes.
   */
  private static final int MAX_OPENINGS = 64;

  private final ApiServer server;
  private final Scope scope;
  private final FeedListener listener;
  private final Timing timing;
  private final Problems problems = new Problems();
  private final Map<ObjectRef, ObjectIdentity> index = new ConcurrentHashMap<>();
  private final Semaphore openings = new Semaphore(MAX_OPENINGS);
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("feed").daemon().factory());

  @GuardedBy("this")
  private final Map<Query, Source> sources = new HashMap<>();

  /** Collects everything that is there at the start. */
  @GuardedBy("this")
  private final FirstReading first = new FirstReading();

  @GuardedBy("this")
  private Reflector.@Nullable Surroundings around;
  @GuardedBy("this")
  private @Nullable NamedObjects named;
  @GuardedBy("this")
  private Consumer<List<Change>> engine = changes -> {};
  @GuardedBy("this")
  private Runnable loaded = () -> {};
  @GuardedBy("this")
  private Phase phase = Phase.READING;
  @GuardedBy("this")
  private boolean closed;

  private volatile boolean synced;

  /** How far the start has come. */
  private enum Phase {
    READING,
    /** Everything has been read but the objects that Ingresses name. */
    READING_NAMED,
    SYNCED
  }

  /** A feed that does nothing yet. */
  public ClusterFeed(ApiServer server, Scope scope, FeedListener listener) {
    this(server, scope, listener, Timing.DEFAULT);
  }

  ClusterFeed(ApiServer server, Scope scope, FeedListener listener, Timing timing) {
    this.server = server;
    this.scope = scope;
    this.listener = listener;
    this.timing = timing;
  }

  /**
   * Begins to read, in threads of its own, and returns at once. Goes on trying for as long as it
   * takes.
   *
   * @param settings what the engine was started with
   * @param submit takes changes, from any thread, and returns soon
   * @param whenLoaded is called once, when everything that there is has been submitted
   */
  public synchronized void start(
      Settings settings, Consumer<List<Change>> submit, Runnable whenLoaded) {
    engine = submit;
    loaded = whenLoaded;
    around =
        new Reflector.Surroundings(
            server,
            new Requests(server, timing.answer()),
            problems,
            listener,
            timing,
            new AtomicBoolean(true));
    named =
        new NamedObjects(
            settings.ingress().classes(),
            scope.secrets() == Scope.Secrets.NAMED
                ? Set.of(KnownKind.SECRET, KnownKind.CONFIG_MAP)
                : Set.of(KnownKind.CONFIG_MAP),
            new NamedReading());
    read(Query.all(KnownKind.INGRESS_CLASS), first);
    if (scope.secrets() == Scope.Secrets.CLUSTER) {
      read(Query.all(KnownKind.SECRET), first);
    }
    if (scope.namespaceSelector() != null) {
      read(Query.namespaces(scope.namespaceSelector()), first);
    }
    if (scope.isClusterWide()) {
      read(Query.all(KnownKind.NAMESPACE), first);
      read(Query.all(KnownKind.INGRESS), first);
      read(Query.all(KnownKind.SERVICE), first);
      read(Query.all(KnownKind.ENDPOINT_SLICE), first);
    }
    for (String namespace : scope.namespaces()) {
      read(Query.namespace(namespace), first);
      ofNamespace(namespace).forEach(query -> read(query, first));
    }
  }

  /** Hands other settings to the engine; another class has other Ingresses and Secrets. */
  public synchronized void configure(Settings settings) {
    pass(List.of(new Change.Configure(settings)));
  }

  /**
   * Whether everything has been read once. It stays so when the API server is lost later: what is
   * served is still the last that is known.
   */
  public boolean isSynced() {
    return synced;
  }

  /** What keeps it from reading now, a sentence each; empty when all is well. */
  public List<String> problems() {
    return problems.texts();
  }

  @Override
  public @Nullable ObjectIdentity find(ObjectRef object) {
    return index.get(object);
  }

  /** Stops reading. The engine keeps what it has. */
  @Override
  public synchronized void close() {
    closed = true;
    sources.values().forEach(source -> source.reflector.close());
    sources.clear();
    clock.shutdownNow();
  }

  private List<Query> ofNamespace(String namespace) {
    List<Query> queries = new ArrayList<>();
    queries.add(Query.in(namespace, KnownKind.INGRESS));
    queries.add(Query.in(namespace, KnownKind.SERVICE));
    queries.add(Query.in(namespace, KnownKind.ENDPOINT_SLICE));
    if (scope.secrets() == Scope.Secrets.NAMESPACE) {
      queries.add(Query.in(namespace, KnownKind.SECRET));
    }
    return queries;
  }

  /**
   * Begins to read a query. Its objects go on when all queries of {@code with} have been read once;
   * null for at once.
   */
  @GuardedBy("this")
  private void read(Query query, @Nullable FirstReading with) {
    if (around == null || closed || sources.containsKey(query)) {
      return;
    }
    if (with != null) {
      with.expect(query);
    }
    Source source = new Source(query, around, with);
    sources.put(query, source);
    source.reflector.start();
  }

  @GuardedBy("this")
  private void stop(Query query) {
    Source source = sources.remove(query);
    if (source != null) {
      source.end();
    }
  }

  /** Hands changes on, but for those that must wait for the objects that they name. */
  @GuardedBy("this")
  private void pass(List<Change> changes) {
    if (phase == Phase.READING) {
      first.keep(changes);
    } else if (named == null) {
      submit(changes);
    } else {
      submit(named.admit(changes, System.nanoTime()));
      watchTheClock();
    }
  }

  @GuardedBy("this")
  private void submit(List<Change> changes) {
    if (phase != Phase.SYNCED) {
      first.keep(changes);
    } else if (!changes.isEmpty()) {
      engine.accept(changes);
    }
  }

  /** Goes on when everything has been read: to what is named, then to the engine. */
  @GuardedBy("this")
  private void proceed() {
    if (phase == Phase.READING && first.isComplete()) {
      phase = Phase.READING_NAMED;
      pass(first.take());
    }
    if (phase == Phase.READING_NAMED && (named == null || !named.isHolding())) {
      phase = Phase.SYNCED;
      List<Change> everything = first.take();
      LOG.info("read {} objects from {}", everything.size(), server);
      submit(everything);
      loaded.run();
      synced = true;
    }
  }

  /** Lets changes go on that have waited too long, whether the API server answers or not. */
  @GuardedBy("this")
  private void watchTheClock() {
    if (phase == Phase.SYNCED && named != null && named.isHolding() && !closed) {
      var _ =
          clock.schedule(this::overdue, timing.hold().toMillis() + 1, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void overdue() {
    if (named != null && !closed) {
      submit(named.overdue(System.nanoTime() - timing.hold().toNanos()));
    }
  }

  @GuardedBy("this")
  private void namespaces(Delta delta) {
    FirstReading with = phase == Phase.READING ? first : new FirstReading();
    for (Item item : delta.put()) {
      ofNamespace(item.ref().name()).forEach(query -> read(query, with));
    }
    for (ObjectRef gone : delta.gone()) {
      if (!scope.namespaces().contains(gone.name())) {
        ofNamespace(gone.name()).forEach(this::stop);
      }
    }
  }

  /**
   * Leaves out the Namespaces that are read by their names, as they may lose the labels of the
   * selector.
   */
  private Delta withoutNamed(Delta delta) {
    return new Delta(
        delta.put().stream()
            .filter(item -> !scope.namespaces().contains(item.ref().name()))
            .toList(),
        delta.gone().stream().filter(ref -> !scope.namespaces().contains(ref.name())).toList());
  }

  private static List<Change> changes(Delta delta) {
    List<Change> changes = new ArrayList<>();
    for (Item item : delta.put()) {
      switch (item) {
        case Item.Projected projected -> changes.add(new Change.Upsert(projected.object()));
        case Item.Unreadable(ObjectRef ref, String message, String fix) ->
            changes.add(new Change.Unreadable(ref, message, fix));
      }
    }
    delta.gone().forEach(ref -> changes.add(new Change.Delete(ref)));
    return changes;
  }

  private final class NamedReading implements NamedObjects.Reading {

    @Override
    public void start(ObjectRef object) {
      synchronized (ClusterFeed.this) {
        read(Query.named(object), null);
      }
    }

    @Override
    public void stop(ObjectRef object) {
      synchronized (ClusterFeed.this) {
        Source source = sources.remove(Query.named(object));
        if (source != null) {
          source.reflector.close();
          source.objects.clear();
        }
      }
    }
  }

  /** Reads one query, and keeps its objects. */
  private final class Source implements Reflector.Receiver {

    final Query query;
    final Reflector reflector;
    final ObjectSet objects = new ObjectSet(index);
    private final @Nullable FirstReading with;
    private ObjectSet.@Nullable Listing listing;
    private boolean excused;

    Source(Query query, Reflector.Surroundings around, @Nullable FirstReading with) {
      this.query = query;
      this.with = with;
      this.reflector =
          new Reflector(query, around, query.isForOne() ? openings : null, isOptional(), this);
    }

    /**
     * Whether the feed can do without these objects: those without a namespace, where it may read
     * some namespaces only.
     */
    private boolean isOptional() {
      return !withoutIt().isEmpty() && !scope.isClusterWide();
    }

    /** What happens without these objects, in words; empty for objects that must be read. */
    private String withoutIt() {
      return switch (query.kind()) {
        case INGRESS_CLASS -> "an Ingress is ours by the name of its class alone";
        case NAMESPACE ->
            query.isForOne()
                ? "its annotation isoline.io/hosts gives it no hosts, and that it is being deleted"
                    + " is not known"
                : "";
        case INGRESS, SERVICE, ENDPOINT_SLICE, ENDPOINTS, SECRET, CONFIG_MAP -> "";
      };
    }

    @Override
    public void begins() {
      synchronized (ClusterFeed.this) {
        listing = objects.list();
      }
    }

    @Override
    public void lists(Item item, ObjectIdentity identity) {
      synchronized (ClusterFeed.this) {
        if (isOpen() && listing != null) {
          listing.add(item, identity);
        }
      }
    }

    @Override
    public void listed() {
      synchronized (ClusterFeed.this) {
        if (isOpen() && listing != null) {
          listener.listed(query.kind(), listing.size());
          take(listing.complete());
          listing = null;
          ticked();
          answered();
        }
      }
    }

    @Override
    public void changed(Item item, ObjectIdentity identity) {
      synchronized (ClusterFeed.this) {
        if (isOpen()) {
          take(objects.put(item, identity));
        }
      }
    }

    @Override
    public void removed(ObjectRef ref) {
      synchronized (ClusterFeed.this) {
        if (isOpen()) {
          take(objects.remove(ref));
        }
      }
    }

    @Override
    public void failed(ReadFailure failure) {
      synchronized (ClusterFeed.this) {
        if (!isOpen()) {
          return;
        }
        if (isOptional() && failure.kind() == Cause.FORBIDDEN) {
          if (!excused) {
            excused = true;
            LOG.warn(
                "{}; until then {}", failure.explain(server, query), withoutIt());
          }
          ticked();
          return;
        }
        problems.raise(query, failure.key(query), failure.explain(server, query));
        if (query.isForOne() && failure.isAnswer()) {
          take(
              objects.refuse(
                  new Item.Unreadable(
                      query.one(), "Isoline may not read it: " + failure.text(), query.grant())));
          answered();
        }
      }
    }

    /** Stops reading, and says that all objects of the query are gone. */
    void end() {
      synchronized (ClusterFeed.this) {
        reflector.close();
        take(objects.clear());
        ticked();
      }
    }

    @GuardedBy("ClusterFeed.this")
    private boolean isOpen() {
      return sources.get(query) == this;
    }

    @GuardedBy("ClusterFeed.this")
    private void take(Delta delta) {
      if (delta.isEmpty()) {
        return;
      }
      if (!query.labels().isEmpty()) {
        namespaces(delta);
        pass(changes(withoutNamed(delta)));
      } else if (with != null && !with.isComplete()) {
        with.keep(changes(delta));
      } else {
        pass(changes(delta));
      }
    }

    /** Notes that the query has been read, or is not to be waited for. */
    @GuardedBy("ClusterFeed.this")
    private void ticked() {
      if (with != null && !with.isComplete()) {
        with.tick(query);
        if (with.isComplete() && with != first) {
          pass(with.take());
        }
      }
      proceed();
    }

    @GuardedBy("ClusterFeed.this")
    private void answered() {
      if (named != null && query.isForOne() && query.kind() != KnownKind.NAMESPACE) {
        submit(named.answered(query.one()));
        proceed();
      }
    }
  }
}
