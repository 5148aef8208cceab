package io.isoline.controlplane.manifest;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of names, from "Object Names and IDs" of the Kubernetes documentation. Names of
 * Services begin with a letter in older clusters; the newer, wider rule is used.
 */
final class ObjectName {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int MAX_LABEL = 63;
  private static final int MAX_SUBDOMAIN = 253;

  private ObjectName() {}

  /** What is wrong with a name, and what to do. */
  record Fault(String message, String fix) {}

  /** A DNS label (RFC 1123): namespaces and Services. */
  static @Nullable Fault label(String name) {
    return fault(name, LABEL, MAX_LABEL, "lower case letters, digits and `-`");
  }

  /** A DNS subdomain (RFC 1123): all other objects. */
  static @Nullable Fault subdomain(String name) {
    return fault(name, SUBDOMAIN, MAX_SUBDOMAIN, "lower case letters, digits, `-` and `.`");
  }

  private static @Nullable Fault fault(String name, Pattern rule, int max, String letters) {
    if (name.length() > max) {
      return new Fault(
          "a name of " + name.length() + " characters is too long",
          "at most " + max + " are allowed");
    }
    if (rule.matcher(name).matches()) {
      return null;
    }
    String proposal = name.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
    return new Fault(
        "`"
            + name
            + "` is not a valid name: it is made of "
            + letters
            + ", and begins and ends with a letter or digit",
        rule.matcher(proposal).matches() ? "write `" + proposal + "`" : "rename it");
  }
}
