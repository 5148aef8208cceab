package io.isoline.translator.annotation;

import io.isoline.translator.annotation.ValueType.Reading;
import io.isoline.translator.model.Retries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What is tried again on another endpoint. */
final class NextUpstream implements Subject {

  private static final int MOST_TRIES = 21;

  private static final Pattern WORD =
      Pattern.compile(
          "error|timeout|invalid_header|http_500|http_502|http_503|http_504|http_403|http_404"
              + "|http_429|non_idempotent|off");

  private static final String STATUS = "http_";

  private static final String BY_DEFAULT =
      "what no backend can have begun to act on is tried again, up to five times, and of idempotent"
          + " methods what broke before the answer began";

  static final Annotation<List<String>> PROXY_NEXT_UPSTREAM =
      new Annotation<>(
          "proxy-next-upstream",
          new ValueType<>(
              "words of error, timeout, invalid_header, http_500, http_502, http_503, http_504,"
                  + " http_403, http_404, http_429, non_idempotent and off",
              NextUpstream::words),
          BY_DEFAULT,
          "What has a request sent to another endpoint. `error`: there was no connection, or it broke"
              + " before the answer began; with it goes `invalid_header`. `timeout`: the time of"
              + " `proxy-read-timeout` was over. `http_503` and the like: the answer had this status."
              + " What a backend may have begun to act on is tried again of idempotent methods only"
              + " (`GET`, `HEAD`, `OPTIONS`, `PUT`, `DELETE`, `TRACE`), with `non_idempotent` of all."
              + " `off`: nothing is tried again.",
          "error timeout http_502",
          "Where `error` is missing, a broken connection of an idempotent method is tried again all"
              + " the same. Without a `proxy-read-timeout`, `timeout` means nothing. A request with a"
              + " body that is longer than `limits.connectionBuffer` is not tried again.");

  static final Annotation<Long> PROXY_NEXT_UPSTREAM_TRIES =
      new Annotation<>(
          "proxy-next-upstream-tries",
          ValueType.number(0, Integer.MAX_VALUE, ""),
          "3, where there is another annotation of these; else as without `proxy-next-upstream`",
          "How often a request is sent, the first time included; 0 is no limit.",
          "2",
          "A request is sent " + MOST_TRIES + " times at most.");

  static final Annotation<Long> PROXY_NEXT_UPSTREAM_TIMEOUT =
      new Annotation<>(
          "proxy-next-upstream-timeout",
          ValueType.number(0, 31_536_000, " (seconds)"),
          "0",
          "After so many seconds nothing is tried again; 0 is no limit.",
          "0",
          "It counts the tries that take the time of `proxy-read-timeout`, and nothing else that takes"
              + " time.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        PROXY_NEXT_UPSTREAM, PROXY_NEXT_UPSTREAM_TRIES, PROXY_NEXT_UPSTREAM_TIMEOUT);
  }

  private static Reading<List<String>> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!WORD.matcher(word).matches()) {
        return new Reading.Bad<>(
            "\"" + ValueType.shown(word) + "\" is no condition of proxy-next-upstream");
      }
      words.add(word);
    }
    return new Reading.Good<>(words);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    List<String> words = values.get(PROXY_NEXT_UPSTREAM);
    Long tries = values.get(PROXY_NEXT_UPSTREAM_TRIES);
    Long seconds = values.get(PROXY_NEXT_UPSTREAM_TIMEOUT);
    if (words == null && tries == null && seconds == null) {
      return;
    }
    Retries defaults = Retries.OF_NGINX;
    if (tries != null && (tries == 0 || tries > MOST_TRIES)) {
      values.differs(
          PROXY_NEXT_UPSTREAM_TRIES,
          "a request is sent " + MOST_TRIES + " times at most",
          "write a number from 1 to " + MOST_TRIES);
    }
    long times =
        tries == null ? defaults.tries() : tries == 0 ? MOST_TRIES : Math.min(tries, MOST_TRIES);
    boolean off = words != null && words.contains("off");
    if (words != null && off && words.size() > 1) {
      values.differs(
          PROXY_NEXT_UPSTREAM, "nothing is tried again, as off is among the words", "remove off");
    } else if (off) {
      values.applied(PROXY_NEXT_UPSTREAM, "nothing is tried again");
    }
    boolean onTimeout = words == null ? defaults.onTimeout() : words.contains("timeout");
    if (seconds != null && seconds > 0) {
      values.differs(
          PROXY_NEXT_UPSTREAM_TIMEOUT,
          onTimeout && values.get(Timeouts.PROXY_READ_TIMEOUT) != null
              ? "it counts the tries that take the time of proxy-read-timeout, and nothing else"
              : "nothing limits the time of all tries, as none takes the time of"
                  + " proxy-read-timeout",
          "limit the tries by " + PROXY_NEXT_UPSTREAM_TRIES);
    }
    if (words != null && !off) {
      judge(words, onTimeout, values);
    }
    policy.add(
        new Retries(
            words == null ? defaults.onError() : words.contains("error"),
            onTimeout,
            statuses(words == null ? List.of() : words),
            words != null && words.contains("non_idempotent"),
            off ? 1 : (int) times,
            seconds == null || seconds == 0 ? null : Duration.ofSeconds(seconds)));
  }

  private static void judge(List<String> words, boolean onTimeout, Values values) {
    if (!words.contains("error")) {
      values.differs(
          PROXY_NEXT_UPSTREAM,
          "without error in it, requests of idempotent methods are tried again all the same when"
              + " their connection breaks",
          "add error");
    } else if (onTimeout && values.isBad(Timeouts.PROXY_READ_TIMEOUT)) {
      values.differs(
          PROXY_NEXT_UPSTREAM,
          "timeout in it means nothing, as proxy-read-timeout says no time",
          "correct proxy-read-timeout");
    }
  }

  private static SortedSet<Integer> statuses(List<String> words) {
    SortedSet<Integer> statuses = new TreeSet<>();
    for (String word : words) {
      if (word.startsWith(STATUS)) {
        statuses.add(Integer.parseInt(word.substring(STATUS.length())));
      }
    }
    return statuses;
  }
}
