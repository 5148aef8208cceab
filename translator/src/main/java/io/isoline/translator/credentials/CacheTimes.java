package io.isoline.translator.credentials;

import io.isoline.translator.credentials.ExternalCheck.CacheTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads how long answers of an authentication service are kept: lists with commas between them, each
 * of statuses and a time, as nginx reads them.
 *
 * @see <a
 *     href="https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_valid">proxy_cache_valid</a>
 */
public final class CacheTimes {

  /** What holds where nothing is said. */
  public static final String DEFAULT = "200 202 401 5m";

  private static final int MAX_LENGTH = 500;
  private static final long MAX_SECONDS = 366L * 24 * 3600;
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})([smhdwMy]?)");

  /** What a time without statuses is for. */
  private static final List<Integer> USUAL = List.of(200, 301, 302);

  private CacheTimes() {}

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException when it is none, with a clause that says why
   */
  public static List<CacheTime> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("it is longer than " + MAX_LENGTH + " characters");
    }
    List<CacheTime> times = new ArrayList<>();
    for (String list : text.split(",", -1)) {
      if (!list.isBlank()) {
        times.add(one(list.strip().split("[ \t]+", -1)));
      }
    }
    if (times.isEmpty()) {
      throw new IllegalArgumentException("it has no time");
    }
    return times;
  }

  private static CacheTime one(String[] words) {
    long seconds = seconds(words[words.length - 1]);
    if (words.length == 1) {
      return new CacheTime(new TreeSet<>(USUAL), seconds);
    }
    SortedSet<Integer> statuses = new TreeSet<>();
    for (int i = 0; i < words.length - 1; i++) {
      if (words[i].equals("any")) {
        return new CacheTime(new TreeSet<>(), seconds);
      }
      if (!words[i].matches("[1-5][0-9][0-9]")) {
        throw new IllegalArgumentException("\"" + words[i] + "\" is not a status");
      }
      statuses.add(Integer.parseInt(words[i]));
    }
    return new CacheTime(statuses, seconds);
  }

  private static long seconds(String word) {
    Matcher matcher = TIME.matcher(word);
    long seconds = 0;
    int end = 0;
    while (end < word.length() && matcher.find(end) && matcher.start() == end) {
      seconds += Long.parseLong(matcher.group(1)) * unit(matcher.group(2));
      end = matcher.end();
    }
    if (word.isEmpty() || end < word.length()) {
      throw new IllegalArgumentException("\"" + word + "\" is not a time such as 5m");
    }
    return Math.min(MAX_SECONDS, seconds);
  }

  private static long unit(String letter) {
    return switch (letter) {
      case "m" -> 60;
      case "h" -> 3600;
      case "d" -> 24 * 3600;
      case "w" -> 7 * 24 * 3600;
      case "M" -> 30 * 24 * 3600;
      case "y" -> 365 * 24 * 3600;
      default -> 1;
    };
  }
}
