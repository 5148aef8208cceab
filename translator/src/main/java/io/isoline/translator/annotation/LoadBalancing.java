package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.model.BackendOptions.Balancing;
import io.isoline.translator.model.HashBy;
import io.isoline.translator.settings.Profile;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which endpoint gets a request that no session leads to one. */
final class LoadBalancing implements Subject {

  /** The ways that ingress-nginx knows. */
  enum Way {
    ROUND_ROBIN,
    EWMA,
    CHASH,
    CHASHSUBSET,
    STICKY_BALANCED,
    STICKY_PERSISTENT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final Annotation<Way> LOAD_BALANCE =
      new Annotation<>(
          "load-balance",
          ValueType.oneOf(
              Arrays.stream(Way.values())
                  .collect(
                      Collectors.toMap(
                          Way::toString, Function.identity(), (a, b) -> a, java.util.TreeMap::new))),
          "the endpoints take turns",
          "Which endpoint gets a request. `round_robin`: they take turns. `ewma`: of two that are"
              + " drawn, the one with fewer requests under way. `chash` and `chashsubset` are what"
              + " `upstream-hash-by` does, and `sticky_balanced` and `sticky_persistent` what"
              + " `affinity` does; these go before it.",
          "round_robin",
          "`ewma` counts requests under way, and not how long endpoints took to answer.");

  static final Annotation<HashKeys.Reading> UPSTREAM_HASH_BY =
      new Annotation<>(
          "upstream-hash-by",
          HashKeys.TYPE,
          "`load-balance` says it",
          "Requests in which all this is equal go to the same endpoint, as long as it is there; what"
              + " a request lacks counts as an empty text.",
          "$request_uri",
          "Each Ingress has it for itself, though another one leads to the same Service. Variables that"
              + " are not listed are refused. For a class of ingress-nginx, a name that is no variable"
              + " there either counts as an empty text, as there. `$request_uri`, `$uri` and `$args`"
              + " are those that the backend gets, after `rewrite-target`. Names of parameters are compared with their case.");

  static final Annotation<Boolean> SUBSET =
      new Annotation<>(
          "upstream-hash-by-subset",
          ValueType.FLAG,
          "false",
          "Whether equal requests go to a few endpoints instead of one.",
          "false",
          "With `true`, too, equal requests go to one endpoint.")
          .within(UPSTREAM_HASH_BY);

  static final Annotation<Long> SUBSET_SIZE =
      new Annotation<>(
          "upstream-hash-by-subset-size",
          ValueType.number(1, Integer.MAX_VALUE, ""),
          "3",
          "How many endpoints are a few. As equal requests go to one endpoint, it changes nothing.",
          "3",
          "As with `upstream-hash-by-subset`.")
          .within(SUBSET);

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(LOAD_BALANCE, UPSTREAM_HASH_BY, SUBSET, SUBSET_SIZE);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    HashBy hash = hash(values);
    boolean sessions = values.get(Sessions.AFFINITY) != null;
    if (sessions && hash != null) {
      values.refused(
          UPSTREAM_HASH_BY,
          Reason.Conflict,
          Sessions.AFFINITY + " is there as well, and goes before it",
          "remove one of the two");
    }
    balance(values, policy, hash != null, sessions);
    if (hash == null || sessions) {
      return;
    }
    policy.backend(backend -> backend.with(backend.options().withBalancing(Balancing.HASH)));
    policy.add(hash);
    if (values.get(SUBSET, false)) {
      values.differs(
          SUBSET, "equal requests go to one endpoint, not to a few", "remove it");
    }
  }

  private static @Nullable HashBy hash(Values values) {
    HashKeys.Reading read = values.get(UPSTREAM_HASH_BY);
    if (read == null) {
      return null;
    }
    String unknown = read.unknown();
    if (unknown == null) {
      return read.hash();
    }
    if (values.profile() == Profile.NGINX) {
      values.differs(
          UPSTREAM_HASH_BY,
          unknown + "; it counts as an empty text, as with ingress-nginx",
          "remove that");
      return read.hash();
    }
    values.refused(
        UPSTREAM_HASH_BY,
        Reason.InvalidValue,
        unknown
            + "; it is as if the annotation was not there: "
            + UPSTREAM_HASH_BY.byDefault(),
        "write " + UPSTREAM_HASH_BY.type().syntax());
    return null;
  }

  private static void balance(
      Values values, Policy.Builder policy, boolean hashes, boolean sessions) {
    Way way = values.get(LOAD_BALANCE);
    if (way == null) {
      return;
    }
    if (sessions || hashes) {
      values.applied(
          LOAD_BALANCE,
          (sessions ? Sessions.AFFINITY : UPSTREAM_HASH_BY) + " goes before it");
      return;
    }
    switch (way) {
      case ROUND_ROBIN -> {}
      case EWMA -> {
        policy.backend(
            backend -> backend.with(backend.options().withBalancing(Balancing.LEAST_REQUEST)));
        values.differs(
            LOAD_BALANCE,
            "of two endpoints that are drawn, the one with fewer requests under way gets it; how"
                + " long they took to answer does not count",
            "");
      }
      case CHASH, CHASHSUBSET ->
          values.refused(
              LOAD_BALANCE,
              Reason.InvalidValue,
              "nothing says what is to be hashed; " + LOAD_BALANCE.byDefault(),
              "add " + UPSTREAM_HASH_BY);
      case STICKY_BALANCED, STICKY_PERSISTENT ->
          values.refused(
              LOAD_BALANCE,
              Reason.InvalidValue,
              "no cookie keeps clients on an endpoint; " + LOAD_BALANCE.byDefault(),
              "add " + Sessions.AFFINITY + ": cookie");
    }
  }
}
