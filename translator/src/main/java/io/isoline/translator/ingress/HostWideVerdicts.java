package io.isoline.translator.ingress;

import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.HostWishes;
import io.isoline.translator.annotation.HostWishes.Wish;
import io.isoline.translator.ingress.HostOwners.Owner;
import io.isoline.translator.ingress.IngressReading.Claimant;
import io.isoline.translator.model.Host;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what became of what an Ingress asks for its hosts as a whole. */
final class HostWideVerdicts {

  /** So many hosts are told of; the others are counted. */
  private static final int MOST_TOLD = 5;

  private final HostOwners owners;
  private final HostRouting routing;
  private final IngressReading reading;
  private final List<Verdict> verdicts = new ArrayList<>();

  private HostWideVerdicts(HostOwners owners, HostRouting routing, IngressReading reading) {
    this.owners = owners;
    this.routing = routing;
    this.reading = reading;
  }

  static List<Verdict> of(HostOwners owners, HostRouting routing, IngressReading reading) {
    HostWideVerdicts of = new HostWideVerdicts(owners, routing, reading);
    HostWishes wishes = reading.policy().ofHosts();
    if (wishes.root() != null) {
      of.root(wishes.root());
    }
    if (wishes.aliases() != null) {
      of.named(wishes.aliases().field(), NamedHost.Use.ALIAS);
    }
    if (wishes.www() != null) {
      of.named(wishes.www().field(), NamedHost.Use.REDIRECT);
    }
    return of.verdicts;
  }

  private void root(Wish<String> wish) {
    List<String> lost = new ArrayList<>();
    for (Host host : reading.hosts()) {
      String why = whyNoRoot(host);
      if (why != null) {
        lost.add(why);
      }
    }
    say(
        wish.field(),
        "requests for / get 302 to " + wish.value(),
        reading.hosts().size() - lost.size(),
        lost);
  }

  private @Nullable String whyNoRoot(Host host) {
    HostMerge merge = routing.merged(host);
    HostMerge.Root root = merge == null ? null : merge.root();
    if (root != null && root.ingress().ref().equals(reading.ref())) {
      return null;
    }
    return root != null && root.ingress().namespace().equals(reading.namespace())
        ? decides(host, root.ingress())
        : notOurs(host);
  }

  private static String decides(Host host, Claimant other) {
    return other.ref() + " decides for " + host;
  }

  private String notOurs(Host host) {
    Owner owner = owners.owner(host);
    return "host "
        + host
        + (owner == null
            ? " may not be had by namespace " + reading.namespace()
            : " belongs to namespace " + owner.namespace());
  }

  private void named(String field, NamedHost.Use use) {
    List<String> served = new ArrayList<>();
    List<String> lost = new ArrayList<>(use == NamedHost.Use.ALIAS ? reading.noAliases() : List.of());
    for (NamedHost named : reading.named()) {
      if (named.use() == use) {
        String why = whyNot(named);
        if (why == null) {
          served.add(named.host().pattern());
        } else {
          lost.add(why);
        }
      }
    }
    if (use == NamedHost.Use.REDIRECT) {
      for (Host host : reading.hosts()) {
        if (NamedHost.www(host).equals(host)) {
          lost.add((host.isAny() ? "a rule without a host" : host) + " has no name with www.");
        }
      }
    }
    say(
        field,
        told(served)
            + (use == NamedHost.Use.ALIAS
                ? (served.size() == 1 ? " is" : " are") + " served as well"
                : (served.size() == 1 ? " is" : " are") + " redirected"),
        served.size(),
        lost);
  }

  /** Why a host is not what the Ingress asks for; null when it is. */
  private @Nullable String whyNot(NamedHost named) {
    HostOwners.Name name = owners.name(named.host());
    if (name != null
        && name.ingress().namespace().equals(reading.namespace())
        && name.host().main().equals(named.main())
        && name.host().use() == named.use()
        && (named.use() == NamedHost.Use.REDIRECT
            || name.ingress().ref().equals(reading.ref()))) {
      return null;
    }
    if (!owners.mayHave(reading.namespace(), named.host())) {
      return notOurs(named.host());
    }
    Owner owner = owners.owner(named.host());
    if (owner != null) {
      return owner.ingress().ref()
          + (name == null ? " has a rule for " : " names ")
          + named.host();
    }
    if (!owners.isOwner(reading.namespace(), named.main())) {
      return notOurs(named.main());
    }
    Claimant decider = owners.decidesAliases(named.main());
    return decider == null ? notOurs(named.main()) : decides(named.main(), decider);
  }

  /**
   * Adds a verdict.
   *
   * @param good what comes of it
   * @param count for how many hosts
   * @param lost why nothing comes of it for others
   */
  private void say(String field, String good, int count, List<String> lost) {
    String why = told(lost);
    if (lost.isEmpty()) {
      verdicts.add(
          new Verdict(
              reading.ref(),
              field,
              count == 0 ? Outcome.NO_EFFECT : Outcome.APPLIED,
              count == 0 ? Reason.NotUsed : Reason.Accepted,
              count == 0 ? "no host of the Ingress can be used" : good,
              ""));
    } else {
      verdicts.add(
          new Verdict(
              reading.ref(),
              field,
              count == 0 ? Outcome.NO_EFFECT : Outcome.APPLIED_WITH_DIFFERENCE,
              Reason.Conflict,
              count == 0 ? why : good + "; but " + why,
              "choose other hosts, or have the Ingress that decides ask for it"));
    }
  }

  /** Some of many, in one clause. */
  static String told(List<String> all) {
    return String.join(", ", all.subList(0, Math.min(MOST_TOLD, all.size())))
        + (all.size() > MOST_TOLD ? " and " + (all.size() - MOST_TOLD) + " more" : "");
  }
}
