package io.isoline.translator.ingress;

import java.util.Locale;
import java.util.regex.Pattern;

/** Annotations of ingress controllers other than ingress-nginx, as far as their names tell. */
final class OtherControllers {

  /** What is in names that keep somebody out, or something. A policy can be one of other things. */
  private static final Pattern PROTECTION =
      Pattern.compile(
          "(?<![a-z0-9])(o?auth(2|n|z|entication|orization)?|jwt|oidc|whitelist|allowlist|denylist"
              + "|blacklist|blocklist|acl|cidrs?|source-ranges?|ip-restriction|prefix-lists"
              + "|security-groups|limits?|rate|ratelimit|waf(v2)?|modsecurity|protect(ion)?|mtls"
              + "|client-cert(ificate)?|(?<!ssl-|upstream-)polic(y|ies)|middlewares?|plugins?"
              + "|filters?|snippets)(?![a-z0-9])");

  private OtherControllers() {}

  /** Whether the name of one, without its prefix, seems to ask for a protection. */
  static boolean seemsToProtect(String key) {
    return PROTECTION.matcher(key.toLowerCase(Locale.ROOT)).find();
  }
}
