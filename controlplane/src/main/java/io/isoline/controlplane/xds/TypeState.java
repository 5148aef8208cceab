package io.isoline.controlplane.xds;

import io.isoline.controlplane.xds.AdsRequest.DeltaInterest;
import io.isoline.controlplane.xds.AdsRequest.SotwInterest;
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

  /**
   * A response that the client has not answered yet.
   *
   * @param number counts the responses of a stream
   * @param version of the response
   * @param upserts what it was sent for, by name: what may be refused
   * @param removals names that are gone once it is acknowledged
   * @param replacing whether it has what Secrets go on with that were refused: how often that was
   *     tried, 0 when it has not
   * @param sentAt nanoseconds
   */
  record Flight(
      long number,
      String version,
      Map<String, Resource> upserts,
      Set<String> removals,
      int replacing,
      long sentAt) {
    String nonce() {
      return Long.toString(number);
    }

    /**
     * Whether a request with this nonce and without an error says that the client took it. One of
     * state of the world with an older version does not: the client asks for other names first.
     */
    boolean isTakenBy(AdsRequest.Interest interest) {
      return !(interest instanceof SotwInterest sotw) || sotw.version().equals(version);
    }
  }

  /** A part of the difference that may go now. */
  record Batch(List<String> upserts, List<String> removals, List<String> absent, boolean answer) {
    boolean isEmpty() {
      return upserts.isEmpty() && removals.isEmpty() && absent.isEmpty() && !answer;
    }
  }

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

  /**
   * Names of Secrets of which Envoy may have what it refused: it puts that into the next TLS context
   * all the same, and then refuses a listener, or another Secret of the same chain.
   */
  private final Set<String> spoiled = new HashSet<>();

  /** Those of them that are about to be replaced by what the client had before. */
  private final Set<String> toReplace = new LinkedHashSet<>();

  private int replacingTries;

  /** Names of Secrets whose bytes of before Envoy may remember, though it says that it has none. */
  private final Set<String> maybeRemembered = new HashSet<>();

  /** Names of Secrets that a state-of-the-world client asked for when it came back. */
  private final Set<String> maybeHeld = new HashSet<>();

  /** What it took last before that. */
  private String versionBefore = "";

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
      if (first && holdings.has(name)) {
        reconsider(name);
      } else if (!name.equals("*")) {
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
      versionBefore = interest.version();
      if (type == ResourceType.SECRET && !versionBefore.isEmpty()) {
        maybeHeld.addAll(interest.names());
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
      resource = substitute(name);
    }
    boolean known = resource != null && resource.version().equals(version);
    holdings.claimed(name, version, known ? resource : null);
  }

  /** Sends the name again even if the client holds it, provided that it is subscribed to. */
  private void force(String name) {
    forced.add(name);
    reconsider(name);
  }

  /** Whatever the client had is worth nothing now: it is owed an answer, if it subscribes. */
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
      spoiled.remove(name);
      toReplace.remove(name);
      maybeRemembered.remove(name);
      maybeHeld.remove(name);
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
  List<String> nextUpserts() {
    toReplace.removeIf(name -> store.find(type, name) == null);
    if (!toReplace.isEmpty()) {
      return List.copyOf(toReplace);
    }
    List<String> untainted = upserts.stream().filter(name -> !bisection.awaits(name)).toList();
    boolean trialIsDue = untainted.isEmpty() || othersWent;
    othersWent = !trialIsDue;
    List<String> trial = trialIsDue ? bisection.next(upserts::contains) : List.of();
    return trial.isEmpty() ? untainted : trial;
  }

  /**
   * Sends a batch of {@link #nextUpserts}, {@link #removals} and {@link #absent}.
   *
   * @param toReturning whether the client was here, or with another replica, before this stream
   */
  AdsResponse send(Batch batch, long number, long now, boolean toReturning) {
    List<Resource> changed = new ArrayList<>(batch.upserts().size());
    Set<String> toRenew = new HashSet<>();
    boolean replacing = !toReplace.isEmpty();
    replacingTries = replacing ? replacingTries + 1 : 0;
    for (String name : batch.upserts()) {
      Resource resource = replacing ? replacement(name) : store.find(type, name);
      if (resource != null) {
        changed.add(resource);
        if (type == ResourceType.SECRET && !replacing && mayHaveHad(name, toReturning)) {
          toRenew.add(name);
        }
      }
      if (!replacing) {
        upserts.remove(name);
        forced.remove(name);
      }
    }
    toReplace.clear();
    batch.removals().forEach(removals::remove);
    batch.removals().forEach(forced::remove);
    batch.absent().forEach(absent::remove);
    answerDue = false;
    List<Resource> all = variant.sendsAll(type) ? everything(changed, batch.removals()) : changed;
    changed.forEach(holdings::sent);
    batch.removals().forEach(holdings::uncertain);
    Map<String, Resource> byName = new LinkedHashMap<>();
    changed.forEach(resource -> byName.put(resource.name(), resource));
    String version =
        variant == Variant.DELTA
            ? store.version(type)
            : variant.sendsAll(type) ? versionOf(all) : holdings.version();
    Flight sent =
        new Flight(number, version, byName, Set.copyOf(batch.removals()), replacingTries, now);
    flight = sent;
    if (type == ResourceType.SECRET) {
      maybeRemembered.addAll(byName.keySet());
    }
    // What a client took as a whole it does not take for what it refused since.
    if (!toRenew.isEmpty() && !(variant == Variant.SOTW && version.equals(versionBefore))) {
      all =
          all.stream()
              .map(each -> toRenew.contains(each.name()) ? SecretBytes.renewed(each) : each)
              .toList();
    }
    List<String> gone = new ArrayList<>();
    if (variant == Variant.DELTA) {
      gone.addAll(batch.removals());
      gone.addAll(batch.absent());
    }
    return new AdsResponse(type.typeUrl(), sent.nonce(), version, all, gone);
  }

  /**
   * What a refused Secret goes on with: its last good version, or the default certificate. Null
   * when the client may have a good one of an earlier stream that nobody here knows.
   */
  private @Nullable Resource replacement(String name) {
    Resource good = goodOf(name);
    boolean mayHaveGood = hasForeign(name) || maybeHeld.contains(name);
    return good != null || mayHaveGood ? good : substitute(name);
  }

  /** The default certificate by that name; null for what is no Secret. */
  private @Nullable Resource substitute(String name) {
    Resource last = store.find(Resource.DEFAULT_CERTIFICATE);
    return type != ResourceType.SECRET || last == null || rejected.containsKey(last.name())
        ? null
        : SecretBytes.named(last, name);
  }

  /** Whether it may have had that very version and refused it, without that we know. */
  private boolean mayHaveHad(String name, boolean toReturning) {
    Holdings.Held held = holdings.find(name);
    return held == null
        ? toReturning || maybeRemembered.contains(name)
        : held.sent() == null || held.foreign();
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
    if (taken.replacing() > 0) {
      taken.upserts().keySet().forEach(this::reconsider);
    }
    return spoiled.removeAll(taken.upserts().keySet());
  }

  /** Ends the flight: the client had it, and asks for other names instead of an answer. */
  void passedOver(Flight passed) {
    notTaken(passed);
    reconsider(passed);
  }

  /** What was refused for another's sake may be taken now. */
  void retryRejected() {
    for (String name : List.copyOf(rejected.keySet())) {
      rejected.remove(name);
      reconsider(name);
    }
  }

  /**
   * Ends the flight: the client refused it, or a part of it.
   *
   * @return the culprit, when there is no doubt which one it is
   */
  @Nullable Resource refused(Flight refused, String words) {
    List<Resource> candidates = List.copyOf(refused.upserts().values());
    if (candidates.isEmpty()) {
      // There is nothing that could be sent differently. Once more would be refused again.
      acknowledged(refused);
      return null;
    }
    notTaken(refused);
    Resource culprit = null;
    if (refused.replacing() == 0) {
      culprit = search(candidates, words);
    } else if (refused.replacing() <= candidates.size()) {
      // Envoy takes one after the other, until one fails as another is still spoiled. Those that it
      // took it passes over the next time. After that there is nothing better: what was to be
      // replaced is rejected, or is going to be tried.
      toReplace.addAll(refused.upserts().keySet());
    }
    reconsider(refused);
    return culprit;
  }

  /** Rejects a sole candidate, which it returns; of several the culprit is going to be tried. */
  private @Nullable Resource search(List<Resource> candidates, String words) {
    Resource culprit = candidates.size() == 1 ? candidates.getFirst() : null;
    if (culprit == null) {
      bisection.refused(candidates.stream().map(Resource::name).toList(), words);
    } else {
      rejected.put(culprit.name(), culprit.version());
      if (variant == Variant.SOTW) {
        holdings.revert(culprit.name());
      }
    }
    if (type == ResourceType.SECRET) {
      for (Resource candidate : candidates) {
        String name = candidate.name();
        spoiled.add(name);
        // For a new one among several it is too early: it may well be good.
        if (culprit == null ? goodOf(name) != null : replacement(name) != null) {
          toReplace.add(name);
        }
      }
    }
    return culprit;
  }

  /** Ends the flight, of which nobody can say what the client has now. */
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
    return rejected.containsKey(name);
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
