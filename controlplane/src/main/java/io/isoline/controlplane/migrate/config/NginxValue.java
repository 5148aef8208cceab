package io.isoline.controlplane.migrate.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads values of the ConfigMap as ingress-nginx and nginx do; null where they are none. */
final class NginxValue {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([bkmg]?)");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|[smhd]?)");
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,9}");

  private NginxValue() {}

  /** As Go reads a boolean. */
  static @Nullable Boolean flag(String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False", "" -> false;
      default -> null;
    };
  }

  static @Nullable Integer integer(String value) {
    return INTEGER.matcher(value).matches() ? Integer.valueOf(value) : null;
  }

  /** In bytes. */
  static @Nullable Long bytes(String value) {
    Matcher matcher = SIZE.matcher(value.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return null;
    }
    int shift =
        switch (matcher.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          default -> 0;
        };
    return Long.parseLong(matcher.group(1)) << shift;
  }

  /** In milliseconds; a number alone is in seconds. */
  static @Nullable Long millis(String value) {
    Matcher matcher = TIME.matcher(value.strip());
    if (!matcher.matches()) {
      return null;
    }
    long factor =
        switch (matcher.group(2)) {
          case "ms" -> 1;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          case "d" -> 86_400_000;
          default -> 1000;
        };
    return Long.parseLong(matcher.group(1)) * factor;
  }

  /** The entries between commas, without blanks around them and without empty ones. */
  static List<String> list(String value) {
    return Arrays.stream(value.split(",", -1))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .toList();
  }

  /** Milliseconds as our file has them. */
  static String duration(long millis) {
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    return millis % 60_000 == 0 && millis > 0 ? millis / 60_000 + "m" : millis / 1000 + "s";
  }

  /** Bytes as our file has them. */
  static String size(long bytes) {
    if (bytes == 0 || bytes % 1024 != 0) {
      return String.valueOf(bytes);
    }
    return bytes % (1 << 20) == 0 ? (bytes >> 20) + "MiB" : (bytes >> 10) + "KiB";
  }
}
