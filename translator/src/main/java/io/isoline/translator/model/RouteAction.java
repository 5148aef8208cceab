package io.isoline.translator.model;

import java.util.List;

/** What happens to a request. */
public sealed interface RouteAction {

  /** It goes to a backend. */
  record Forward(Split split) implements RouteAction {
    public Forward(Upstream upstream) {
      this(new Split(List.of(new Weighted(upstream, 1))));
    }
  }

  /**
   * The client is sent elsewhere.
   *
   * @param location the value of the header Location, as it is; where clients do not follow, the body
   * @param status 300 to 399
   */
  record Redirect(String location, int status) implements RouteAction {

    /** Whether clients go to the location. */
    public boolean isFollowed() {
      return switch (status) {
        case 301, 302, 303, 307, 308 -> true;
        default -> false;
      };
    }
  }

  /**
   * The client is sent to the same URL of another host, for good.
   *
   * @param host a name
   * @param dropsSlash whether a slash at the end of a path without a query is dropped
   */
  record OtherHost(String host, boolean dropsSlash) implements RouteAction {}

  /** The client is sent to the same URL with a slash at the end of its path, by 301. */
  record WithSlash() implements RouteAction {}

  /**
   * The client is sent to a path of another server by 302; the query stays.
   *
   * @param host a name
   * @param port 0 for that of the scheme
   * @param pattern for the path without the query, all of it, in the syntax of RE2, checked
   * @param path what the pattern becomes
   */
  record Elsewhere(String scheme, String host, int port, String pattern, String path)
      implements RouteAction {}

  /**
   * It gets this status without a backend.
   *
   * @param why what the client is told, in words of ours; empty where the status says enough
   */
  record Respond(int status, String why) implements RouteAction {
    public Respond(int status) {
      this(status, "");
    }
  }

  /**
   * The backends that share the requests.
   *
   * @param backends at least one; a single one gets all, whatever its weight
   * @param byHash whether requests of the same hash, of which the route says what is hashed, go to
   *     the same one; else each is drawn
   */
  record Split(List<Weighted> backends, boolean byHash) {
    public Split(List<Weighted> backends) {
      this(backends, false);
    }

    public Split {
      backends = List.copyOf(backends);
      if (backends.isEmpty()) {
        throw new IllegalArgumentException("a split among nobody");
      }
    }
  }

  /**
   * A backend and its share.
   *
   * @param weight its part of the sum of all weights, 0 to 1,000,000
   */
  record Weighted(Upstream upstream, int weight) {}
}
