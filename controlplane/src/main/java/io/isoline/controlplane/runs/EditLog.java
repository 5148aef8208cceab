package io.isoline.controlplane.runs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.isoline.controlplane.engine.Delivery;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.engine.Rejection;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.offline.FileScope;
import io.isoline.controlplane.offline.VerdictReport;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.terminal.Words;
import io.isoline.controlplane.text.Printable;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.KnownKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Says what each edit changed, what is wrong with it, and whether Envoy took it. The first batch is
 * the load: only its findings are kept, for {@link #findings}.
 *
 * <p>The engine's thread owns what it learns from the engine; {@link #show} and {@link #findings}
 * may be called by any thread.
 */
public final class EditLog implements EngineListener {

  private final Consumer<List<String>> sink;
  private final Terminal terminal;
  private final CountDownLatch loaded = new CountDownLatch(1);

  private final Set<ObjectRef> known = new HashSet<>();
  private final IdentityHashMap<List<Change>, String> descriptions = new IdentityHashMap<>();
  private final List<String> remarks = new ArrayList<>();
  private boolean first = true;

  @GuardedBy("this")
  private final Map<ObjectRef, List<Verdict>> translated = new HashMap<>();

  @GuardedBy("this")
  private Manifests manifests;

  @GuardedBy("this")
  private Set<Verdict> shown = new HashSet<>();

  /**
   * A log.
   *
   * @param manifests what the files hold before the first {@link #show}
   * @param sink gets the lines of one edit at a time, from the engine's thread or from that of the
   *     watcher
   */
  public EditLog(Terminal terminal, Manifests manifests, Consumer<List<String>> sink) {
    this.terminal = terminal;
    this.manifests = manifests;
    this.sink = sink;
  }

  /** Takes what the files hold from now on; findings are looked up there. */
  public void show(Manifests latest) {
    List<String> lines = new ArrayList<>();
    synchronized (this) {
      manifests = latest;
      if (loaded.getCount() == 0) {
        // What the reader refuses never gets to the engine, which so has nothing to say of it.
        addNewFindings(lines);
      }
    }
    if (!lines.isEmpty()) {
      sink.accept(lines);
    }
  }

  /** Waits until the first batch is translated. */
  public void awaitLoaded() throws InterruptedException {
    loaded.await();
  }

  /** All that should be looked at now, in the order of the files. */
  public synchronized List<String> findings() {
    VerdictReport report = new VerdictReport(terminal, manifests.sources());
    List<String> lines = new ArrayList<>();
    shown = current();
    report.sorted(shown).forEach(verdict -> lines.addAll(report.lines(verdict)));
    return lines;
  }

  /** The verdicts of the translation so far, by object. */
  synchronized Map<ObjectRef, List<Verdict>> verdicts() {
    return Map.copyOf(translated);
  }

  @GuardedBy("this")
  private Set<Verdict> current() {
    Set<Verdict> findings = new HashSet<>();
    manifests.verdicts().stream().filter(Verdict::isFinding).forEach(findings::add);
    FileScope scope = new FileScope(manifests, true);
    translated.forEach(
        (object, verdicts) ->
            scope.withoutRepeated(object, verdicts).stream()
                .filter(Verdict::isFinding)
                .forEach(findings::add));
    return findings;
  }

  @GuardedBy("this")
  private void addNewFindings(List<String> lines) {
    Set<Verdict> now = current();
    Set<Verdict> fresh = new HashSet<>(now);
    fresh.removeAll(shown);
    VerdictReport report = new VerdictReport(terminal, manifests.sources());
    report.sorted(fresh).forEach(verdict -> lines.addAll(report.lines(verdict)));
    Set<ObjectRef> settled = new HashSet<>();
    shown.forEach(verdict -> settled.add(verdict.object()));
    now.forEach(verdict -> settled.remove(verdict.object()));
    settled.stream()
        .sorted()
        .forEach(object -> lines.add(shown(object) + ": nothing to look at any more"));
    shown = now;
  }

  @Override
  public void updated(List<Change> changes, Update update) {
    String description = describe(changes);
    if (first) {
      first = false;
      return;
    }
    descriptions.put(changes, description);
  }

  @Override
  public void judged(Map<ObjectRef, List<Verdict>> verdicts) {
    synchronized (this) {
      verdicts.forEach(
          (object, ofObject) -> {
            if (ofObject.isEmpty()) {
              translated.remove(object);
            } else {
              translated.put(object, ofObject);
            }
          });
      if (loaded.getCount() == 0) {
        addNewFindings(remarks);
      }
    }
    if (descriptions.isEmpty() && !remarks.isEmpty()) {
      flush(new ArrayList<>());
    }
  }

  @Override
  public void rejected(Rejection rejection) {
    remarks.add(
        terminal.styled(Terminal.Style.BAD, "Envoy refused")
            + " "
            + Printable.line(rejection.resource().key().toString())
            + ": "
            + Printable.line(rejection.words()));
  }

  @Override
  public void delivered(Delivery delivery) {
    if (loaded.getCount() > 0) {
      loaded.countDown();
      return;
    }
    String description = descriptions.remove(delivery.changes());
    if (description == null || description.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    lines.add(description + ": " + outcome(delivery));
    flush(lines);
  }

  private void flush(List<String> lines) {
    lines.addAll(remarks);
    remarks.clear();
    sink.accept(lines);
  }

  private String outcome(Delivery delivery) {
    int resources = delivery.resources();
    if (resources == 0) {
      return "nothing changes for Envoy";
    }
    if (delivery.envoys() == 0) {
      return "no Envoy is connected";
    }
    if (delivery.rejected() > 0) {
      return terminal.styled(
          Terminal.Style.BAD,
          "Envoy refused %d of %s and goes on with the last good version"
              .formatted(delivery.rejected(), Words.count(resources, "resource")));
    }
    return terminal.styled(Terminal.Style.GOOD, "Envoy took it")
        + " (%s, %d ms)"
            .formatted(Words.count(resources, "resource"), delivery.took().toMillis());
  }

  /** What the changes are in words, empty when there are none. */
  private String describe(List<Change> changes) {
    List<String> words = new ArrayList<>();
    Map<ObjectRef, Integer> started = new TreeMap<>();
    Map<ObjectRef, Integer> stopped = new TreeMap<>();
    for (Change change : changes) {
      switch (change) {
        case Change.Upsert upsert -> {
          ObjectRef ref = upsert.object().ref();
          boolean added = known.add(ref);
          if (isSample(ref)) {
            started.merge(serviceOf(ref), 1, Integer::sum);
          } else {
            words.add((added ? "added " : "changed ") + shown(ref));
          }
        }
        case Change.Delete delete -> {
          known.remove(delete.object());
          if (isSample(delete.object())) {
            stopped.merge(serviceOf(delete.object()), 1, Integer::sum);
          } else {
            words.add("removed " + shown(delete.object()));
          }
        }
        case Change.Unreadable unreadable -> words.add("could not read " + shown(unreadable.object()));
        case Change.Configure _ -> words.add("changed the settings");
      }
    }
    started.forEach(
        (service, count) ->
            words.add("started " + Words.count(count, "sample pod") + " of " + shown(service)));
    stopped.forEach(
        (service, count) ->
            words.add("stopped " + Words.count(count, "sample pod") + " of " + shown(service)));
    return shortened(words);
  }

  private static String shown(ObjectRef object) {
    return Printable.line(object.toString(), Printable.OF_NAME);
  }

  private static String shortened(List<String> words) {
    int most = 6;
    if (words.size() <= most) {
      return String.join(", ", words);
    }
    return String.join(", ", words.subList(0, most - 1))
        + " and "
        + (words.size() - most + 1)
        + " more changes";
  }

  /** An object of a file has no slash in its name. */
  private static boolean isSample(ObjectRef ref) {
    return ref.kind() == KnownKind.ENDPOINT_SLICE && ref.name().indexOf('/') >= 0;
  }

  private static ObjectRef serviceOf(ObjectRef slice) {
    return ObjectRef.service(
        slice.namespace(), slice.name().substring(0, slice.name().indexOf('/')));
  }
}
