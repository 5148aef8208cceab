package io.isoline.controlplane.status;

import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.controlplane.kubernetes.ObjectIdentity;
import io.isoline.controlplane.kubernetes.ObjectIndex;
import io.isoline.controlplane.replicas.Parties;
import io.isoline.controlplane.status.RecordedEvent.Remark;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.ingress.InForce;
import io.isoline.translator.kube.KnownKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what there is to say of each object, and what was said of it: each finding when it comes
 * up, and that an Ingress is programmed, each time that it has changed and the Envoys have it.
 *
 * <p>Some things were said before this process led, or ran. What was written as an event is not
 * said again. Nor is it said that an Ingress is programmed if it had an address from the start, as
 * it got the address together with the event.
 *
 * <p>Sends nothing and knows no clock. Owned by one thread.
 */
final class EventBook {

  private static final String PROGRAMMED = "Programmed";

  /**
   * What was said last of an Ingress that is programmed.
   *
   * @param state which state of it; empty for the first one that there is
   * @param complete whether all Envoys had it
   */
  record Announcement(String state, boolean complete) {
    static final Announcement EARLIER = new Announcement("", true);
  }

  /** Something to be said, and what to note when it was. */
  record Saying(
      ObjectRef object,
      @Nullable Verdict finding,
      @Nullable Announcement announcement,
      Remark remark) {}

  private final ObjectIndex objects;
  private final Parties parties;
  private final Set<ObjectRef> ingresses = new HashSet<>();
  private final Map<ObjectRef, List<Verdict>> findings = new HashMap<>();
  private final Map<ObjectRef, Set<Verdict>> said = new HashMap<>();
  private final Map<ObjectRef, Announcement> announced = new HashMap<>();

  /** Objects for which it is settled what was said before our time. */
  private final Set<ObjectRef> settled = new HashSet<>();

  /** The uids of Ingresses that were said to be programmed by events of before our time. */
  private final Set<String> programmedBefore = new HashSet<>();

  EventBook(ObjectIndex objects, Parties parties) {
    this.objects = objects;
    this.parties = parties;
  }

  /** Takes the verdicts of an object; returns whether there may be something to say. */
  boolean judged(ObjectRef object, List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      forget(object);
      return false;
    }
    List<Verdict> now = verdicts.stream().filter(Verdict::isFinding).toList();
    List<Verdict> before = now.isEmpty() ? findings.remove(object) : findings.put(object, now);
    boolean isNew = !now.equals(before == null ? List.of() : before);
    if (object.kind() == KnownKind.INGRESS) {
      boolean first = ingresses.add(object);
      isNew |= first;
      if (!Verdict.isOurs(verdicts)) {
        announced.remove(object);
      } else if (first && hasAddress(object)) {
        announced.put(object, Announcement.EARLIER);
      }
    }
    changed(object);
    return isNew;
  }

  private void forget(ObjectRef object) {
    ingresses.remove(object);
    findings.remove(object);
    said.remove(object);
    announced.remove(object);
    settled.remove(object);
  }

  /** Notes what is no longer so: when it comes up again it is said again. */
  void changed(ObjectRef object) {
    Set<Verdict> before = said.get(object);
    if (before != null) {
      before.retainAll(findingsOf(object));
      if (before.isEmpty()) {
        said.remove(object);
      }
    }
  }

  /** Takes an event that was written before our time. */
  void seed(RecordedEvent event) {
    if (event.about().reason().equals(PROGRAMMED)) {
      programmedBefore.add(event.about().uid());
    }
  }

  /** The namespaces of all Ingresses. */
  Set<String> namespaces() {
    Set<String> namespaces = new TreeSet<>();
    ingresses.forEach(ingress -> namespaces.add(ingress.namespace()));
    return namespaces;
  }

  /** Notes that somebody else has said all there is to say of an object. */
  void heard(ObjectRef object) {
    settled.add(object);
    Set<Verdict> now = findingsOf(object);
    if (!now.isEmpty()) {
      said.put(object, now);
    }
    ProgrammedIngress programmed = parties.programmed(object);
    if (programmed != null && !programmed.inForce().isNothing()) {
      announced.put(object, announcement(programmed));
    } else if (ingresses.contains(object) && hasAddress(object)) {
      announced.putIfAbsent(object, Announcement.EARLIER);
    }
  }

  /**
   * What there is to say of an object.
   *
   * @param written whether an event of before our time says this
   */
  List<Saying> look(ObjectRef object, Predicate<Remark> written) {
    ObjectIdentity identity = objects.find(object);
    if (identity == null) {
      return List.of();
    }
    List<Saying> sayings = new ArrayList<>();
    boolean first = settled.add(object);
    for (Verdict finding : findingsOf(object)) {
      Remark remark = remark(finding, identity);
      if (first && written.test(remark)) {
        note(object, finding);
      } else if (!said.getOrDefault(object, Set.of()).contains(finding)) {
        sayings.add(new Saying(object, finding, null, remark));
      }
    }
    ProgrammedIngress programmed = parties.programmed(object);
    if (programmed != null) {
      announce(programmed, identity, sayings);
    }
    return sayings;
  }

  private void announce(
      ProgrammedIngress programmed, ObjectIdentity identity, List<Saying> sayings) {
    InForce inForce = programmed.inForce();
    if (inForce.isNothing()) {
      // Its findings say why; when something is in force again, that is news.
      announced.remove(programmed.ingress());
      return;
    }
    Announcement now = announcement(programmed);
    Announcement before = announced.get(programmed.ingress());
    boolean earlier =
        before == null
            ? programmedBefore.remove(identity.uid())
            : before.equals(Announcement.EARLIER);
    if (earlier) {
      announced.put(programmed.ingress(), now);
    } else if (before == null
        || !before.state().equals(now.state())
        || (now.complete() && !before.complete())) {
      String message =
          (inForce.isAll() ? "" : inForce + ", ")
              + "acknowledged by %d of %d Envoys"
                  .formatted(programmed.acknowledged(), programmed.envoys());
      sayings.add(
          new Saying(
              programmed.ingress(),
              null,
              now,
              remark(programmed.ingress(), identity, "", false, PROGRAMMED, message)));
    }
  }

  /** Notes that it was said. */
  void said(Saying saying) {
    Verdict finding = saying.finding();
    if (finding != null && findingsOf(saying.object()).contains(finding)) {
      note(saying.object(), finding);
    }
    Announcement announcement = saying.announcement();
    if (announcement != null && ingresses.contains(saying.object())) {
      announced.put(saying.object(), announcement);
    }
  }

  private void note(ObjectRef object, Verdict finding) {
    said.computeIfAbsent(object, any -> new TreeSet<>()).add(finding);
  }

  private Set<Verdict> findingsOf(ObjectRef object) {
    Set<Verdict> all = new TreeSet<>(findings.getOrDefault(object, List.of()));
    all.addAll(parties.refusals(object));
    return all;
  }

  private boolean hasAddress(ObjectRef ingress) {
    ObjectIdentity identity = objects.find(ingress);
    return identity != null && !identity.addresses().isEmpty();
  }

  private static Announcement announcement(ProgrammedIngress programmed) {
    return new Announcement(programmed.state(), programmed.acknowledged() >= programmed.envoys());
  }

  private static Remark remark(Verdict finding, ObjectIdentity identity) {
    String field = finding.field().isEmpty() ? "" : finding.field() + ": ";
    String fix = finding.fix().isEmpty() ? "" : ". Fix: " + finding.fix();
    return remark(
        finding.object(),
        identity,
        finding.field(),
        true,
        finding.reason().name(),
        field + finding.message() + fix);
  }

  private static Remark remark(
      ObjectRef object,
      ObjectIdentity identity,
      String field,
      boolean warning,
      String reason,
      String message) {
    return new Remark(
        object,
        identity.apiVersion(),
        identity.uid(),
        identity.resourceVersion(),
        field,
        warning,
        reason,
        message);
  }
}
