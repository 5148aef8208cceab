package io.isoline.controlplane.engine;

import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.stream.StreamEvents;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.Translator;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane without its sources: takes changes, translates them, serves what comes of them,
 * and hears what the Envoys say to it.
 *
 * <p>One thread owns the translator, the store and the state of all streams. Changes that come in
 * while it works are taken together by its next turn, so a quiet system reacts at once and a storm
 * is batched; {@link ChangeQueue} says how long a change waits at most.
 *
 * <p>Nothing is served before {@link #loaded}.
 */
public final class Engine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /** How many objects a message of the log names at most. */
  private static final int MAX_LOGGED = 20;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("engine").daemon().factory());
  private final ChangeQueue queue =
      new ChangeQueue(
          (task, delay) -> {
            var _ = thread.schedule(task, delay, TimeUnit.NANOSECONDS);
          },
          System::nanoTime,
          this::translate);
  private final EngineListener listener;
  private final Clock clock;
  private final Translator translator;
  private final VerdictBook verdicts;
  private final Attribution attribution;
  private final ResourceStore store = new ResourceStore();
  private final XdsServer server;
  private final Deliveries deliveries;
  private final Programming programming;
  private final UnaryOperator<Update> writing;

  private @Nullable Future<?> recheck;
  private @Nullable Future<?> patience;
  private boolean settling;

  private Engine(
      Settings settings,
      XdsServer.Options options,
      EngineListener listener,
      Clock clock,
      UnaryOperator<Update> writing)
      throws IOException {
    this.listener = listener;
    this.clock = clock;
    this.writing = writing;
    this.translator = new Translator(settings);
    this.verdicts = new VerdictBook(translator::verdicts);
    this.attribution = new Attribution(translator);
    try {
      this.server = XdsServer.start(options, store, thread, new Events());
    } catch (IOException | RuntimeException e) {
      thread.shutdownNow();
      throw e;
    }
    this.deliveries =
        new Deliveries(store, server::programmed, () -> server.streams().size());
    this.programming =
        new Programming(
            server::programmed,
            object -> translator.verdicts().getOrDefault(object, List.of()),
            translator::inForce);
  }

  /**
   * Starts the xDS server. It takes streams at once and answers them after {@link #loaded}.
   *
   * @throws IOException when the address cannot be listened on
   */
  public static Engine start(
      Settings settings, XdsServer.Options options, EngineListener listener, Clock clock)
      throws IOException {
    return start(settings, options, listener, clock, UnaryOperator.identity());
  }

  /**
   * The same for tests that need resources which the translator never makes.
   *
   * @param writing what becomes of an update before anybody sees it; called on the engine's thread
   */
  static Engine start(
      Settings settings,
      XdsServer.Options options,
      EngineListener listener,
      Clock clock,
      UnaryOperator<Update> writing)
      throws IOException {
    return new Engine(settings, options, listener, clock, writing);
  }

  /** The port of the xDS server. */
  public int port() {
    return server.port();
  }

  /** Hands changes over, from any thread, and returns at once. */
  public void submit(Collection<? extends Change> changes) {
    queue.add(changes);
  }

  /**
   * Says that all existing objects have been submitted; may be called by any thread. Nothing is
   * served before: an Envoy never gets half a configuration.
   */
  public void loaded() {
    thread.execute(
        () -> {
          queue.turn();
          store.markLoaded();
          listener.loaded();
        });
  }

  /** All verdicts by object, as of now. */
  public CompletableFuture<SortedMap<ObjectRef, List<Verdict>>> verdicts() {
    return ask(
        () -> {
          queue.turn();
          return verdicts.all();
        });
  }

  /** The connected Envoys, in the order in which they came. */
  public CompletableFuture<List<StreamInfo>> envoys() {
    return ask(server::streams);
  }

  /** Ends all streams, stops listening, and drops what has not been translated. */
  @Override
  public void close() {
    server.close();
    thread.shutdownNow();
  }

  private <T> CompletableFuture<T> ask(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, thread);
  }

  private void translate(ChangeQueue.Batch batch) {
    try {
      apply(batch.changes(), batch.since());
    } catch (RuntimeException e) {
      // A defect of ours. What is served stays as it is.
      failed(batch.changes(), e);
    }
  }

  /** Logs a defect with what is needed to reproduce it. */
  private void failed(List<Change> changes, RuntimeException defect) {
    NavigableSet<ObjectRef> objects = objects(changes);
    if (objects.isEmpty()) {
      LOG.error(
          "the translation failed {}",
          changes.isEmpty() ? "once, and not again" : "on the settings, and keeps the old ones",
          defect);
    } else {
      LOG.error("the translation failed on {} objects: {}", objects.size(), brief(objects), defect);
    }
    listener.failed(changes, defect);
  }

  private void apply(List<Change> changes, long since) {
    Instant now = clock.instant();
    long start = System.nanoTime();
    Update update = writing.apply(translator.apply(changes, now));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    scheduleRecheck(update.recheckAt(), now);
    List<Change> applied = withoutDefects(changes, update);
    attribution.changed(applied, update);
    Map<ObjectRef, List<Verdict>> judged = verdicts.enter(update);
    store.apply(update.changed(), update.removed());
    deliveries.follow(changes, update, since);
    programming.follow(applied, update, System.nanoTime());
    listener.updated(changes, update);
    listener.translated(
        new Translation(changes, Duration.ofNanos(start - since), took, store.totals()));
    tell(judged);
    update.defects().forEach(defect -> failed(defect.changes(), defect.cause()));
    settleSoon();
  }

  private static List<Change> withoutDefects(List<Change> changes, Update update) {
    if (update.defects().isEmpty()) {
      return changes;
    }
    List<Change> applied = new ArrayList<>(changes);
    update.defects().forEach(defect -> applied.removeAll(defect.changes()));
    return applied;
  }

  private void tell(Map<ObjectRef, List<Verdict>> judged) {
    if (!judged.isEmpty()) {
      listener.judged(judged);
    }
  }

  private static String brief(Set<ObjectRef> objects) {
    return objects.stream()
            .limit(MAX_LOGGED)
            .map(ObjectRef::toString)
            .collect(Collectors.joining(", "))
        + (objects.size() > MAX_LOGGED ? ", … %,d in all".formatted(objects.size()) : "");
  }

  /** The objects that changes are about. */
  static NavigableSet<ObjectRef> objects(List<Change> changes) {
    NavigableSet<ObjectRef> objects = new TreeSet<>();
    for (Change change : changes) {
      switch (change) {
        case Change.Upsert upsert -> objects.add(upsert.object().ref());
        case Change.Delete delete -> objects.add(delete.object());
        case Change.Unreadable unreadable -> objects.add(unreadable.object());
        case Change.Configure _ -> {}
      }
    }
    return objects;
  }

  private void scheduleRecheck(@Nullable Instant at, Instant now) {
    if (recheck != null) {
      recheck.cancel(false);
    }
    recheck =
        at == null
            ? null
            : thread.schedule(
                queue::turn,
                Math.clamp(Duration.between(now, at).toMillis(), 1, TimeUnit.DAYS.toMillis(1)),
                TimeUnit.MILLISECONDS);
  }

  /** Plans one call of {@link #settle} for all that happens until then. */
  private void settleSoon() {
    if (!settling) {
      settling = true;
      thread.execute(this::settle);
    }
  }

  private void settle() {
    settling = false;
    long now = System.nanoTime();
    deliveries.settled(now).forEach(listener::delivered);
    Collection<ProgrammedIngress> programmed = programming.settled(now);
    if (!programmed.isEmpty()) {
      listener.programmed(programmed);
    }
    if (patience != null) {
      patience.cancel(false);
      patience = null;
    }
    OptionalLong deadline = programming.deadline(now);
    if (deadline.isPresent()) {
      patience =
          thread.schedule(
              this::settle, deadline.getAsLong() - now, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Hears the streams. It is called in the midst of a stream's work, so what an event leads to is
   * put off.
   */
  private final class Events implements StreamEvents {

    @Override
    public void opened(StreamInfo stream) {
      LOG.info("{} connected", stream);
      listener.connected(stream);
    }

    @Override
    public void closed(StreamInfo stream) {
      LOG.info("{} disconnected", stream);
      listener.disconnected(stream);
      settleSoon();
    }

    @Override
    public void requested(StreamInfo stream) {
      settleSoon();
    }

    @Override
    public void sent(StreamInfo stream, ResourceType type, int resources, long bytes) {
      listener.sent(stream, type, resources, bytes);
    }

    @Override
    public void refused(StreamInfo stream, ResourceType type) {
      listener.refused(stream, type);
    }

    @Override
    public void acknowledged(
        StreamInfo stream, ResourceType type, Map<String, String> versions, Set<String> removed) {
      listener.acknowledged(stream, type);
      thread.execute(() -> tell(verdicts.take(type, versions, this::isRefused)));
      attribution.acknowledged(type, versions, this::allHave);
      settleSoon();
    }

    private boolean allHave(Resource.Key key, String version) {
      Resource current = store.find(key);
      return (current == null || current.version().equals(version))
          && server.programmed(key, version).isComplete();
    }

    private boolean isRefused(Resource resource) {
      return server.programmed(resource.key(), resource.version()).rejected() > 0;
    }

    @Override
    public void rejected(StreamInfo stream, Resource resource, String words) {
      Rejection rejection =
          new Rejection(stream, resource, attribution.origins(resource.key(), words), words);
      LOG.warn(
          "{} refused {} (made of {}): {}",
          stream,
          resource,
          brief(rejection.origins()),
          words);
      thread.execute(
          () -> {
            listener.rejected(rejection);
            Resource current = store.find(resource.key());
            if (current != null && current.version().equals(resource.version())) {
              listener.judged(verdicts.enter(rejection));
            }
          });
      settleSoon();
    }
  }
}
