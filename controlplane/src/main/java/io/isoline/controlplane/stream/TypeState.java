package io.isoline.controlplane.stream;

import io.isoline.controlplane.stream.AdsRequest.DeltaInterest;
import io.isoline.controlplane.stream.AdsRequest.SotwInterest;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One resource type on one stream: what the client wants, what it may hold, and the difference to
 * the store. {@link PushOrder} decides when a part of that difference may go.
 *
 * <p>The difference is kept name by name, as {@link #upserts}, {@link #removals} and {@link
 * #absent}. Whatever touches a name ends in {@link #reconsider}, which is the one place that says
 * what the name still needs. So it does not matter in which order things happen, nor whether a
 * response is under way.
 *
 * <p>Owned by the engine's thread.
 */
final class TypeState {

  private final ResourceType type;
  private final Variant variant;
  private final ResourceStore store;

  private final Subscriptions subscriptions;
  private final Holdings holdings;
  private final Bisection bisection = new Bisection();

  /** Whether the last response was no trial of the bisection. */
  private boolean othersWent;

  /** Versions that the client refused; not sent again. */
  private final Map<String, String> rejected = new HashMap<>();

  private final RefusedSecrets refusedSecrets;

  /** Names to send though the client may hold that very version. */
  private final Set<String> forced = new HashSet<>();

  private final Set<String> upserts = new LinkedHashSet<>();
  private final Set<String> removals = new LinkedHashSet<>();

  /** Names that the client asked for, does not hold, and must be told that they do not exist. */
  private final Set<String> absent = new LinkedHashSet<>();

  /** Names that are gone, which this variant cannot say: the client has them until it lets go. */
  private final Set<String> lingering = new HashSet<>();

  private boolean requested;
  private boolean returning;
  private boolean answerDue;
  private @Nullable Flight flight;
  private String answered = "";

  TypeState(ResourceType type, Variant variant, ResourceStore store) {
    this.type = type;
    this.variant = variant;
    this.store = store;
    subscriptions = new Subscriptions(type, store);
    holdings = new Holdings(variant == Variant.SOTW);
    refusedSecrets = new RefusedSecrets(type, store, holdings, rejected);
  }

  // What the client wants.

  void subscribe(DeltaInterest interest) {
    boolean first = !requested;
    requested = true;
    returning |= first && !interest.initialVersions().isEmpty();
    boolean wasWildcard = subscriptions.isWildcard();
    subscriptions.change(first, interest.subscribe(), interest.unsubscribe());
    if (first) {
      interest.initialVersions().forEach(this::claim);
    }
    for (String name : interest.unsubscribe()) {
      holdings.remove(name);
      // A client that gives a name up but not the wildcard cannot know whether the wildcard has it.
      force(name);
    }
    for (String name : interest.subscribe()) {
      boolean claimed = first && holdings.has(name);
      if (!claimed && !name.equals("*")) {
        rejected.remove(name); // It may have given the name up meanwhile, and says only this.
        force(name);
      }
    }
    if (subscriptions.isWildcard() != wasWildcard) {
      reconsiderAll();
      answerDue |= subscriptions.isWildcard() && interest.initialVersions().isEmpty();
    } else if (first) {
      List.copyOf(holdings.names()).forEach(this::reconsider);
    }
  }

  void subscribe(SotwInterest interest) {
    boolean first = !requested;
    requested = true;
    returning |= first && !interest.version().isEmpty();
    boolean wasWildcard = subscriptions.isWildcard();
    Set<String> before = Set.copyOf(subscriptions.names());
    subscriptions.replace(interest.names());
    if (first) {
      // The version proves nothing: a client that took a part of a response and refused the rest
      // says the one before, and one that gave a name up and wants it again says the version of the
      // response that once brought it.
      answerDue = true;
      if (returning) {
        refusedSecrets.cameBack(interest.names(), interest.version());
      }
    }
    if (subscriptions.isWildcard() != wasWildcard) {
      reconsiderAll();
    }
    for (String name : subscriptions.names()) {
      if (!before.contains(name)) {
        reconsider(name);
        // The only way to say that a cluster or listener does not exist is a response without it.
        answerDue |= variant.canRemove(type) && store.find(type, name) == null;
      }
    }
    for (String name : before) {
      if (!subscriptions.includes(name)) {
        reconsider(name);
      }
    }
  }

  private void claim(String name, String version) {
    Resource resource = store.find(type, name);
    if (resource == null || !resource.version().equals(version)) {
      resource = refusedSecrets.substitute(name);
    }
    boolean known = resource != null && resource.version().equals(version);
    holdings.claimed(name, version, known ? resource : null);
    refusedSecrets.claimed(name);
  }

  /** Sends the name again even if the client holds it, provided that it is subscribed to. */
  private void force(String name) {
    forced.add(name);
    reconsider(name);
  }

  /** Trusts nothing that the client has of a name: it is owed an answer, if it subscribes. */
  void distrust(String name) {
    holdings.uncertain(name);
    force(name);
  }

  // What a name still needs.

  private void reconsiderAll() {
    store.all(type).forEach(resource -> reconsider(resource.name()));
    List.copyOf(holdings.names()).forEach(this::reconsider);
  }

  void reconsider(String name) {
    upserts.remove(name);
    removals.remove(name);
    lingering.remove(name);
    if (absent.remove(name)) {
      forced.add(name); // It is still owed an answer, whichever it will be.
    }
    if (!subscriptions.includes(name)) {
      // The client drops what it does not subscribe to without being told.
      holdings.remove(name);
      forced.remove(name);
      rejected.remove(name);
      refusedSecrets.forget(name);
      return;
    }
    Resource resource = store.find(type, name);
    if (resource == null) {
      reconsiderGone(name);
    } else if (resource.version().equals(rejected.get(name))) {
      forced.remove(name);
    } else {
      rejected.remove(name);
      Holdings.Held held = holdings.find(name);
      if (held == null || forced.contains(name) || !resource.version().equals(held.sent())) {
        upserts.add(name);
      }
    }
  }

  private void reconsiderGone(String name) {
    rejected.remove(name);
    if (!holdings.has(name)) {
      if (forced.remove(name) && variant == Variant.DELTA) {
        absent.add(name);
      }
    } else if (!variant.canRemove(type)) {
      lingering.add(name);
      forced.remove(name);
    } else if (flight == null || !flight.removals().contains(name)) {
      removals.add(name);
    }
  }

  // What is sent and how it is answered.

  /** Whether the client answered this response last: it says so again when it changes its mind. */
  boolean isAnswered(String nonce) {
    return nonce.equals(answered);
  }

  /**
   * The upserts that may go together. While the culprit of a refused response is searched for, a
   * trial of the search goes and then what has nothing to do with it, by turns: neither waits for
   * the end of the other, which may never come where something changes all the time. What is to be
   * replaced goes before all that. What this returns must be sent.
   */
  Batch.Upserts nextUpserts() {
    List<String> replaced = refusedSecrets.toReplace();
    if (!replaced.isEmpty()) {
      return new Batch.Upserts(Purpose.REPLACEMENT, replaced);
    }
    List<String> untainted = upserts.stream().filter(name -> !bisection.awaits(name)).toList();
    boolean trialIsDue = untainted.isEmpty() || othersWent;
    othersWent = !trialIsDue;
    if (trialIsDue) {
      List<String> trial = bisection.next(upserts::contains);
      if (!trial.isEmpty()) {
        return new Batch.Upserts(Purpose.CHANGE, trial);
      }
      String doubtful = refusedSecrets.nextDoubtful();
      if (doubtful != null) {
        return new Batch.Upserts(Purpose.PROOF, List.of(doubtful));
      }
    }
    return new Batch.Upserts(Purpose.CHANGE, untainted);
  }

  /**
   * Sends a batch of {@link #nextUpserts}, {@link #removals} and {@link #absent}.
   *
   * @param toReturning whether the client was here, or with another replica, before this stream
   */
  AdsResponse send(Batch batch, long number, long now, boolean toReturning) {
    Purpose purpose = batch.upserts().purpose();
    List<String> names = batch.upserts().names();
    List<Resource> changed = new ArrayList<>(names.size());
    for (String name : names) {
      Resource resource =
          purpose == Purpose.REPLACEMENT
              ? refusedSecrets.replacement(name)
              : store.find(type, name);
      if (resource != null) {
        changed.add(resource);
      }
    }
    if (purpose != Purpose.REPLACEMENT) {
      names.forEach(rejected::remove);
      names.forEach(upserts::remove);
      names.forEach(forced::remove);
    }
    batch.removals().forEach(removals::remove);
    batch.removals().forEach(forced::remove);
    batch.absent().forEach(absent::remove);
    answerDue = false;
    List<Resource> all = variant.sendsAll(type) ? everything(changed, batch.removals()) : changed;
    Set<String> toRenew = refusedSecrets.maybeHad(purpose, names, toReturning);
    changed.forEach(holdings::sent);
    batch.removals().forEach(holdings::uncertain);
    refusedSecrets.sent(purpose, changed);
    Map<String, Resource> byName = new LinkedHashMap<>();
    changed.forEach(resource -> byName.put(resource.name(), resource));
    String version =
        variant == Variant.DELTA
            ? store.version(type)
            : variant.sendsAll(type) ? versionOf(all) : holdings.version();
    Flight sent =
        new Flight(number, version, purpose, byName, Set.copyOf(batch.removals()), now);
    flight = sent;
    List<String> gone = new ArrayList<>();
    if (variant == Variant.DELTA) {
      gone.addAll(batch.removals());
      gone.addAll(batch.absent());
    }
    return new AdsResponse(
        type.typeUrl(), sent.nonce(), version, refusedSecrets.renewed(all, toRenew, version), gone);
  }

  /** The changed ones, and of all others what the client took last. */
  private List<Resource> everything(List<Resource> changed, Collection<String> without) {
    Map<String, Resource> all = new HashMap<>();
    for (String name : holdings.names()) {
      Resource good = holdings.goodOf(name);
      if (good != null && !lingering.contains(name)) {
        all.put(name, good);
      }
    }
    without.forEach(all::remove);
    changed.forEach(resource -> all.put(resource.name(), resource));
    return all.values().stream().sorted(Comparator.comparing(Resource::name)).toList();
  }

  private static String versionOf(List<Resource> resources) {
    SetHash hash = new SetHash();
    resources.forEach(resource -> hash.add(resource.name(), resource.version()));
    return hash.toString();
  }

  /**
   * Ends the flight: the client took it.
   *
   * @return whether it mends a Secret that the client refused before
   */
  boolean acknowledged(Flight taken) {
    flight = null;
    answered = taken.nonce();
    taken.upserts().values().forEach(holdings::acknowledged);
    for (String name : taken.removals()) {
      Holdings.Held held = holdings.find(name);
      if (held != null && held.sent() == null) {
        holdings.remove(name);
      }
      reconsider(name);
    }
    if (taken.purpose() == Purpose.REPLACEMENT) {
      taken.upserts().keySet().forEach(this::reconsider);
    }
    return refusedSecrets.taken(taken);
  }

  /** Ends the flight: the client had it, and asks for other names instead of an answer. */
  void passedOver(Flight passed) {
    notTaken(passed);
    refusedSecrets.passedOver(passed);
    reconsider(passed);
  }

  /** Tries again what may have been refused because of another resource. */
  void retryRejected() {
    for (String name : List.copyOf(rejected.keySet())) {
      rejected.remove(name);
      reconsider(name);
    }
  }

  /**
   * Ends the flight: the client refused it, or a part of it.
   *
   * @return the culprit, once there is no doubt which one it is
   */
  @Nullable Resource refused(Flight refused, String words) {
    Set<String> names = refused.upserts().keySet();
    if (names.isEmpty()) {
      // There is nothing that could be sent differently. Once more would be refused again.
      acknowledged(refused);
      return null;
    }
    notTaken(refused);
    Resource culprit = null;
    if (refused.purpose() == Purpose.REPLACEMENT) {
      refusedSecrets.replacementRefused(names);
    } else if (names.size() > 1) {
      bisection.refused(List.copyOf(names), words);
      refusedSecrets.refused(names, false);
    } else {
      Resource alone = refused.upserts().values().iterator().next();
      rejected.put(alone.name(), alone.version());
      boolean doubtful = refusedSecrets.refused(names, refused.purpose() == Purpose.PROOF);
      culprit = doubtful ? null : alone;
    }
    reconsider(refused);
    return culprit;
  }

  /** Ends the flight, when nobody can say what the client has of it. */
  private void notTaken(Flight landed) {
    flight = null;
    answered = landed.nonce();
    landed.upserts().keySet().forEach(holdings::uncertain);
  }

  private void reconsider(Flight landed) {
    landed.upserts().keySet().forEach(this::reconsider);
    landed.removals().forEach(this::reconsider);
  }

  // Questions.

  ResourceType type() {
    return type;
  }

  boolean isRequested() {
    return requested;
  }

  /** Whether the client came with resources from an earlier stream. */
  boolean isReturning() {
    return returning;
  }

  boolean isSubscribed(String name) {
    return subscriptions.includes(name);
  }

  /** How many names the client made us remember. */
  int footprint() {
    return subscriptions.names().size() + holdings.size();
  }

  /** The length of all that, in characters. */
  long characters() {
    return subscriptions.characters() + holdings.characters();
  }

  /** About what the client makes us keep, in bytes, as {@link StreamMemory} counts. */
  long bytes() {
    return StreamMemory.bytes(
        footprint() + subscriptions.strangers(),
        subscriptions.strangeCharacters()
            + holdings.foreignCharacters()
            + refusedSecrets.characters());
  }

  boolean holdsAny() {
    return holdings.size() > 0;
  }

  /** Whether the client acknowledged this version, or holds none if the version is null. */
  boolean isProgrammed(String name, @Nullable String version) {
    Holdings.Held held = holdings.find(name);
    if (version == null) {
      return held == null;
    }
    return held != null
        && held.good() != null
        && held.good().version().equals(version)
        && version.equals(held.sent());
  }

  /** Whether what the client acknowledged last is one of these versions. */
  boolean isAcknowledged(String name, Set<String> versions) {
    Resource good = holdings.goodOf(name);
    return good != null && versions.contains(good.version());
  }

  boolean isRejected(String name) {
    return rejected.containsKey(name) && !refusedSecrets.isDoubtful(name);
  }

  /** Names of which the client refused the current version. */
  Set<String> rejected() {
    return Collections.unmodifiableSet(rejected.keySet());
  }

  @Nullable Resource goodOf(String name) {
    return holdings.goodOf(name);
  }

  /** Whether the client came with a version of its own that nobody here knows. */
  boolean hasForeign(String name) {
    Holdings.Held held = holdings.find(name);
    return held != null && held.foreign();
  }

  @Nullable Flight flight() {
    return flight;
  }

  Set<String> upserts() {
    return Collections.unmodifiableSet(upserts);
  }

  Set<String> removals() {
    return Collections.unmodifiableSet(removals);
  }

  /** What the client holds although it is gone, whether or not a removal can be sent. */
  Set<String> gone() {
    return lingering.isEmpty() ? removals() : Collections.unmodifiableSet(lingering);
  }

  Set<String> absent() {
    return Collections.unmodifiableSet(absent);
  }

  boolean isAnswerDue() {
    return answerDue;
  }
}
