package io.isoline.controlplane.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.credentials.ExternalCheck.CacheTime;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The answers of services that are good for more than one request. They are kept under keyed hashes,
 * so that what identifies a client is not in memory for longer than its request.
 *
 * <p>For any thread.
 */
final class AnswerCache {

  private static final int MAX_CHARACTERS = 8 << 20;
  private static final int OVERHEAD = 300;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern AGE =
      Pattern.compile("(?:^|[ ,])(s-maxage|max-age) ?= ?\"?([0-9]{1,9})");

  private record Kept(AuthAnswer answer, Duration time) {}

  private final Clock clock;
  private final Fingerprint.Maker fingerprints = new Fingerprint.Maker();
  private final Cache<Fingerprint, Kept> answers =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumWeight(MAX_CHARACTERS)
          .<Fingerprint, Kept>weigher((key, kept) -> weight(kept.answer()))
          .expireAfter(Expiry.<Fingerprint, Kept>creating((key, kept) -> kept.time()))
          .build();

  AnswerCache(Clock clock) {
    this.clock = clock;
  }

  private static int weight(AuthAnswer answer) {
    int weight = OVERHEAD;
    for (HeaderLine header : answer.headers()) {
      weight += header.name().length() + header.value().length();
    }
    return weight;
  }

  /**
   * Under what the answer about a request is kept; null where none is.
   *
   * @param text the whole check, so that another one has other answers
   */
  @Nullable Fingerprint key(String text, ExternalCheck check, AskedRequest request) {
    return check.cacheKey() == null
        ? null
        : fingerprints.of(
            List.of(
                text.getBytes(StandardCharsets.UTF_8),
                check
                    .cacheKey()
                    .fill(name -> request.value(name, check.owner()))
                    .getBytes(StandardCharsets.UTF_8)));
  }

  /** The answer that is kept; null when there is none. */
  @Nullable AuthAnswer find(Fingerprint key) {
    Kept kept = answers.getIfPresent(key);
    return kept == null ? null : kept.answer();
  }

  /** Keeps an answer for as long as it and the check say. */
  void keep(Fingerprint key, ExternalCheck check, AuthAnswer answer) {
    long seconds = seconds(check, answer);
    if (seconds > 0) {
      answers.put(key, new Kept(answer, Duration.ofSeconds(seconds)));
    }
  }

  /** What an answer says of itself goes before what the check says. */
  private long seconds(ExternalCheck check, AuthAnswer answer) {
    String vary = answer.header("vary");
    if (answer.header("set-cookie") != null
        || (vary != null && !vary.equalsIgnoreCase("accept-encoding"))) {
      return 0;
    }
    long byStatus = 0;
    for (CacheTime time : check.cacheTimes()) {
      if (time.statuses().isEmpty() || time.statuses().contains(answer.status())) {
        byStatus = time.seconds();
        break;
      }
    }
    if (byStatus == 0) {
      return 0;
    }
    Long own = ofAnswer(answer);
    return own == null ? byStatus : own;
  }

  private @Nullable Long ofAnswer(AuthAnswer answer) {
    String accel = answer.header("x-accel-expires");
    if (accel != null && NUMBER.matcher(accel).matches()) {
      return Long.valueOf(accel);
    }
    String control = answer.header("cache-control");
    if (control != null) {
      String lower = control.toLowerCase(Locale.ROOT);
      if (lower.contains("no-store") || lower.contains("no-cache") || lower.contains("private")) {
        return 0L;
      }
      Long age = null;
      Matcher matcher = AGE.matcher(lower);
      while (matcher.find()) {
        if (age == null || matcher.group(1).equals("s-maxage")) {
          age = Long.valueOf(matcher.group(2));
        }
      }
      if (age != null) {
        return age;
      }
    }
    String expires = answer.header("expires");
    return expires == null ? null : until(expires);
  }

  private long until(String date) {
    try {
      return Duration.between(
              clock.instant(),
              ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
          .toSeconds();
    } catch (DateTimeException e) {
      // As with one that is over.
      return 0;
    }
  }
}
