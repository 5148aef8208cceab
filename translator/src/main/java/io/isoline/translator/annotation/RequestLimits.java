package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.credentials.ConnectionCount;
import io.isoline.translator.model.ConnectionLimit;
import io.isoline.translator.model.RequestLimit;
import io.isoline.translator.model.RequestLimit.Rate;
import io.isoline.translator.text.IpRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many requests each client may send. */
final class RequestLimits implements Subject {

  private static final long MOST = 0xffff_ffffL;

  private static final long BURST_MULTIPLIER = 5;

  private static final String COUNTED =
      " are counted for each address of a client and each host of the Ingress, by each Envoy for"
          + " itself; its paths share the count. What is more gets 503, before the client is asked"
          + " who it is; redirects are not counted.";

  private static final String DIFFERENCE =
      "The hosts of an Ingress are counted apart, and a change of a host's rules begins its count"
          + " anew. Of each host and Ingress, the 10,000 addresses that came last are remembered.";

  static final Annotation<Long> LIMIT_RPS =
      new Annotation<>(
              "limit-rps",
              ValueType.number(0, 999_999_999_999L, ""),
              "clients may send any number of requests",
              "So many requests in a second, and 5 times as many and one more at once. They"
                  + COUNTED
                  + " 0 is no limit.",
              "10",
              DIFFERENCE)
          .closing();

  static final Annotation<Long> LIMIT_RPM =
      new Annotation<>(
              "limit-rpm",
              ValueType.number(0, 999_999_999_999L, ""),
              "clients may send any number of requests",
              "So many requests in a minute, and 5 times as many and one more at once. They"
                  + COUNTED
                  + " 0 is no limit.",
              "300",
              DIFFERENCE)
          .closing();

  static final Annotation<Long> LIMIT_BURST_MULTIPLIER =
      new Annotation<>(
          "limit-burst-multiplier",
          ValueType.number(1, 1_000_000, ""),
          String.valueOf(BURST_MULTIPLIER),
          "How many times the number of `limit-rps` and of `limit-rpm` a client may send at once,"
              + " and one more.",
          "3",
          "0 is refused, where ingress-nginx has no working configuration any more.");

  static final Annotation<List<IpRange>> LIMIT_ALLOWLIST =
      new Annotation<>(
              "limit-allowlist",
              ValueType.ADDRESSES,
              "clients of all addresses are counted",
              "Clients of these addresses are not limited by `limit-rps`, `limit-rpm` and"
                  + " `limit-connections`.",
              "10.0.0.0/8",
              "")
          .orCalled("limit-whitelist")
          .closing();

  static final Annotation<Long> LIMIT_CONNECTIONS =
      new Annotation<>(
              "limit-connections",
              ValueType.number(0, 65_535, ""),
              "clients may have any number of requests under way",
              "So many requests of a client's address may be under way at a time, from the head of the"
                  + " request to the end of the answer; WebSockets and each request of HTTP/2 count as"
                  + " one. All hosts and paths of the Ingress share the count, by each Envoy for itself."
                  + " What is more gets 503. 0 is no limit.",
              "10",
              "Counted are requests, and not connections: one that waits for its next request is not"
                  + " counted. A service beside each Envoy counts, which hears of the end of a request"
                  + " some milliseconds later; where it does not answer, nobody"
                  + " passes, and what is under way when it restarts is cut off. It counts 4,096"
                  + " requests at a time, 2,048 of one namespace; what is more gets 503. With it,"
                  + " `limit-allowlist` may have 1,024 characters, some 70 ranges.")
          .closing();

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        LIMIT_RPS, LIMIT_RPM, LIMIT_BURST_MULTIPLIER, LIMIT_ALLOWLIST, LIMIT_CONNECTIONS);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    long multiplier = values.get(LIMIT_BURST_MULTIPLIER, BURST_MULTIPLIER);
    List<Rate> rates = new ArrayList<>();
    add(rates, values.get(LIMIT_RPS), Duration.ofSeconds(1), multiplier);
    add(rates, values.get(LIMIT_RPM), Duration.ofMinutes(1), multiplier);
    List<IpRange> exempt = values.get(LIMIT_ALLOWLIST, List.of());
    boolean connections = limitConnections(values, exempt, policy);
    if (!rates.isEmpty()) {
      policy.add(new RequestLimit(values.ingress().path(), rates, exempt));
      return;
    }
    values.applied(
        LIMIT_BURST_MULTIPLIER, "without " + LIMIT_RPS + " and " + LIMIT_RPM + " it means nothing");
    if (!connections) {
      values.applied(
          LIMIT_ALLOWLIST,
          "without " + LIMIT_RPS + ", " + LIMIT_RPM + " and " + LIMIT_CONNECTIONS
              + " it means nothing");
    }
  }

  /** Whether it is asked for. */
  private static boolean limitConnections(
      Values values, List<IpRange> exempt, Policy.Builder policy) {
    int most = Math.toIntExact(values.get(LIMIT_CONNECTIONS, 0L));
    if (most == 0) {
      return false;
    }
    int length = exempt.stream().mapToInt(range -> range.toString().length() + 1).sum();
    if (length > ConnectionCount.EXEMPT_BYTES) {
      values.closed(
          LIMIT_ALLOWLIST,
          Reason.Unsupported,
          "beside " + LIMIT_CONNECTIONS + " its addresses take " + length + " bytes, and "
              + ConnectionCount.EXEMPT_BYTES + " are the most",
          "write fewer and larger ranges");
    } else {
      policy.add(new ConnectionLimit(values.ingress().path(), most, exempt));
    }
    return true;
  }

  private static void add(
      List<Rate> rates, @Nullable Long requests, Duration unit, long multiplier) {
    if (requests != null && requests > 0) {
      long each = Math.min(requests, MOST);
      rates.add(new Rate(each, unit, Math.min(each * multiplier + 1, MOST)));
    }
  }
}
