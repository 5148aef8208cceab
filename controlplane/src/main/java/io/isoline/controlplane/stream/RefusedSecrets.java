package io.isoline.controlplane.stream;

import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Knows what a client does with Secrets that it refused, and decides what to send it instead. For
 * other types it does nothing.
 *
 * <p>Envoy keeps the last bytes of a Secret that it got, good or bad. So:
 *
 * <ul>
 *   <li>Envoy acknowledges the same bytes unseen. So a Secret that it may have had is sent in other
 *       bytes ({@link SecretBytes}).
 *   <li>Envoy makes the next TLS context of refused bytes, and then refuses the listener, or
 *       another Secret of the same chain. So a refused Secret is <em>spoiled</em> until the client
 *       took something else by that name: what is wanted, or a <em>replacement</em>, which is what
 *       it took last, or else the default certificate.
 *   <li>A Secret that Envoy refuses while another is spoiled may be good. It is <em>doubtful</em>,
 *       and is tried again when the search for culprits is over; only then is anybody told. If
 *       another one is still spoiled then, it is tried again when that one has been mended.
 * </ul>
 *
 * <p>Owned by the engine's thread.
 */
final class RefusedSecrets {

  private final boolean applies;
  private final ResourceStore store;
  private final Holdings holdings;

  /** Versions that the client refused and that are not sent again, of {@link TypeState}. */
  private final Map<String, String> rejected;

  private final Set<String> spoiled = new HashSet<>();

  /** Those of them that are about to be replaced. */
  private final Set<String> toReplace = new LinkedHashSet<>();

  /** How often in a row the client refused replacements. */
  private int refusedReplacements;

  private final Set<String> doubtful = new LinkedHashSet<>();

  /** Secrets that were blamed while another was spoiled, when nothing could be done about that. */
  private final Set<String> unproven = new HashSet<>();

  /** Secrets that the default certificate stands in for. */
  private final Set<String> substituted = new HashSet<>();

  /**
   * Secrets that a delta client came with and was not sent since: it may have refused other
   * versions.
   */
  private final Set<String> claimed = new HashSet<>();

  /** Secrets whose earlier bytes Envoy may remember, though it says that it has none. */
  private final Set<String> maybeRemembered = new HashSet<>();

  /** Secrets that a state-of-the-world client asked for when it came back. */
  private final Set<String> maybeHeld = new HashSet<>();

  /** The version that the client took last before that. */
  private String versionBefore = "";

  RefusedSecrets(
      ResourceType type, ResourceStore store, Holdings holdings, Map<String, String> rejected) {
    applies = type == ResourceType.SECRET;
    this.store = store;
    this.holdings = holdings;
    this.rejected = rejected;
  }

  /** A state-of-the-world client that has taken something before asks for the first time. */
  void cameBack(Collection<String> names, String version) {
    versionBefore = version;
    if (applies) {
      maybeHeld.addAll(names);
    }
  }

  /** The length of what is remembered of the client's own words. */
  long characters() {
    return versionBefore.length();
  }

  /** A delta client says that it has some version of it. */
  void claimed(String name) {
    if (applies) {
      claimed.add(name);
    }
  }

  /** The client does not subscribe to the name, or does not any more. */
  void forget(String name) {
    if (!applies) {
      return;
    }
    if (spoiled.remove(name)) {
      retryUnproven();
    }
    for (Set<String> names :
        List.of(
            toReplace, doubtful, unproven, substituted, claimed, maybeRemembered, maybeHeld)) {
      names.remove(name);
    }
    followDefault(name);
  }

  private void retryUnproven() {
    doubtful.addAll(unproven);
    unproven.clear();
  }

  private void followDefault(String name) {
    if (name.equals(Resource.DEFAULT_CERTIFICATE.name())) {
      toReplace.addAll(substituted);
    }
  }

  // What goes.

  /** What must be replaced before anything else goes. */
  List<String> toReplace() {
    toReplace.removeIf(name -> store.find(ResourceType.SECRET, name) == null);
    return List.copyOf(toReplace);
  }

  /**
   * What a refused Secret goes on with: its last good version, or the default certificate. Null
   * when the client may have a good one of an earlier stream that nobody here knows.
   */
  @Nullable Resource replacement(String name) {
    Resource good = holdings.goodOf(name);
    Holdings.Held held = holdings.find(name);
    boolean mayHaveGood =
        good != null || (held != null && held.foreign()) || maybeHeld.contains(name);
    Resource standIn = substitute(name);
    return standIn != null && (!mayHaveGood || substituted.contains(name)) ? standIn : good;
  }

  /**
   * What always loads, by that name: the default certificate, as the client took it last; or nobody in
   * the place of authorities. Null when there is none, for itself, and for what is no Secret.
   */
  @Nullable Resource substitute(String name) {
    String last = Resource.DEFAULT_CERTIFICATE.name();
    if (!applies || name.equals(last)) {
      return null;
    }
    Resource wanted = store.find(ResourceType.SECRET, name);
    if (wanted != null && SecretBytes.isOfAuthorities(wanted)) {
      return SecretBytes.withoutAuthorities(wanted);
    }
    Resource taken = holdings.goodOf(last);
    if (taken == null && !rejected.containsKey(last)) {
      taken = store.find(Resource.DEFAULT_CERTIFICATE);
    }
    return taken == null ? null : SecretBytes.named(taken, name);
  }

  /** What is to be tried again when the search is over; null when there is nothing. */
  @Nullable String nextDoubtful() {
    doubtful.removeIf(name -> !rejected.containsKey(name)); // It changed meanwhile.
    return doubtful.isEmpty() ? null : doubtful.iterator().next();
  }

  boolean isDoubtful(String name) {
    return doubtful.contains(name);
  }

  /**
   * Which of these, that are about to be sent, the client may have had and refused.
   *
   * @param toReturning whether the client was here, or with another replica, before this stream
   */
  Set<String> maybeHad(
      Purpose purpose, Collection<String> names, boolean toReturning) {
    return switch (purpose) {
      case REPLACEMENT -> Set.of();
      case PROOF -> Set.copyOf(names);
      case CHANGE ->
          applies
              ? names.stream()
                  .filter(name -> maybeHad(name, toReturning))
                  .collect(Collectors.toSet())
              : Set.of();
    };
  }

  private boolean maybeHad(String name, boolean toReturning) {
    Holdings.Held held = holdings.find(name);
    return held == null
        ? toReturning || maybeRemembered.contains(name)
        : held.sent() == null || claimed.contains(name);
  }

  /** The same certificates, those of {@code names} in bytes that are new to the client. */
  List<Resource> renewed(List<Resource> all, Set<String> names, String version) {
    // What a state-of-the-world client took as a whole it does not take for what it refused since.
    return names.isEmpty() || version.equals(versionBefore)
        ? all
        : all.stream()
            .map(each -> names.contains(each.name()) ? SecretBytes.renewed(each) : each)
            .toList();
  }

  void sent(Purpose purpose, Collection<Resource> resources) {
    for (Resource resource : applies ? resources : List.<Resource>of()) {
      String name = resource.name();
      maybeRemembered.add(name);
      claimed.remove(name);
      if (purpose != Purpose.REPLACEMENT) {
        doubtful.remove(name);
        refusedReplacements = 0;
      } else if (resource.equals(substitute(name))) {
        substituted.add(name);
      }
    }
    toReplace.clear();
  }

  // How it is answered.

  /**
   * Notes that the client took a response; returns whether that mends a Secret that it refused
   * before.
   */
  boolean taken(Flight taken) {
    Set<String> names = taken.upserts().keySet();
    refusedReplacements = 0;
    boolean mends = spoiled.removeAll(names);
    if (taken.purpose() != Purpose.REPLACEMENT) {
      substituted.removeAll(names);
      if (mends) {
        retryUnproven();
      }
    }
    names.forEach(this::followDefault);
    return mends;
  }

  /** The client asks for other names instead of an answer. */
  void passedOver(Flight passed) {
    if (passed.purpose() == Purpose.REPLACEMENT) {
      toReplace.addAll(passed.upserts().keySet());
    }
  }

  /**
   * The client refused a response with these.
   *
   * @param proof whether this was sent to end a doubt
   * @return whether one that was alone is going to be tried again, as it may have been refused for
   *     another's sake
   */
  boolean refused(Collection<String> names, boolean proof) {
    if (!applies) {
      return false;
    }
    boolean alone = names.size() == 1;
    spoiled.addAll(names);
    for (String name : names) {
      // For a new one among several it is too early: it may well be good.
      if (alone ? replacement(name) != null : holdings.goodOf(name) != null) {
        toReplace.add(name);
      }
    }
    boolean doubt = alone && spoiled.size() > 1;
    if (doubt) {
      (proof ? unproven : doubtful).addAll(names);
    }
    return doubt && !proof;
  }

  /**
   * The client refused replacements. It takes one after the other, until one fails as another is
   * still spoiled; those that it took it passes over the next time. After that there is nothing
   * better: what was to be replaced is rejected, or is going to be tried.
   */
  void replacementRefused(Set<String> names) {
    refusedReplacements++;
    if (refusedReplacements <= names.size()) {
      toReplace.addAll(names);
    } else {
      refusedReplacements = 0;
    }
  }
}
