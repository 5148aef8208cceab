package io.isoline.envoy;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A release of Envoy, ordered as releases are. */
public record EnvoyVersion(int major, int minor, int patch) implements Comparable<EnvoyVersion> {
  /** The oldest release that Isoline works with. */
  public static final EnvoyVersion OLDEST = new EnvoyVersion(1, 37, 0);

  // "envoy  version: <commit>/1.40.0/Clean/RELEASE/BoringSSL", or "1.40.0-dev" in the middle.
  private static final Pattern REPORT =
      Pattern.compile("version: [0-9a-f]+/([0-9]{1,4})\\.([0-9]{1,4})\\.([0-9]{1,4})(-[^/]*)?/");

  private static final Comparator<EnvoyVersion> ORDER =
      Comparator.comparingInt(EnvoyVersion::major)
          .thenComparingInt(EnvoyVersion::minor)
          .thenComparingInt(EnvoyVersion::patch);

  /** Reads what {@code envoy --version} prints. */
  static Optional<EnvoyVersion> ofReport(String output) {
    Matcher matcher = REPORT.matcher(output);
    if (!matcher.find()) {
      return Optional.empty();
    }
    return Optional.of(
        new EnvoyVersion(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3))));
  }

  boolean isTooOld() {
    return compareTo(OLDEST) < 0;
  }

  @Override
  public int compareTo(EnvoyVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
