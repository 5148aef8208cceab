package io.isoline.translator.credentials;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hash of a password in one of the forms that nginx takes: its own of {@code
 * auth_basic_user_file} and those of {@code crypt(3)}. Only its form is known here; nothing is
 * computed.
 *
 * @param text as it is in the file; for {@link Scheme#PLAIN} it holds the password itself
 * @see <a
 *     href="https://nginx.org/en/docs/http/ngx_http_auth_basic_module.html">auth_basic_user_file</a>
 */
public record PasswordHash(Scheme scheme, String text) {

  /** The greatest cost of bcrypt that is computed: some two seconds of a processor. */
  public static final int MAX_BCRYPT_COST = 14;

  /** The most rounds of SHA-crypt that are computed: about a second of a processor. */
  public static final int MAX_ROUNDS = 500_000;

  private static final int MIN_BCRYPT_COST = 4;
  private static final int MIN_ROUNDS = 1_000;
  private static final int MAX_PLAIN = 1_024;
  private static final int SHA1_BYTES = 20;
  private static final int MAX_SALT_BYTES = 64;
  private static final String CHARACTERS = "[./0-9A-Za-z]";
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$" + CHARACTERS + "{53}");
  private static final Pattern MD5 =
      Pattern.compile("\\$(?:apr1|1)\\$" + CHARACTERS + "{1,8}\\$" + CHARACTERS + "{22}");
  private static final Pattern SHA_CRYPT =
      Pattern.compile(
          "\\$[56]\\$(?:rounds=([0-9]{1,9})\\$)?%1$s{1,16}\\$(?:%1$s{43}|%1$s{86})"
              .formatted(CHARACTERS));
  private static final Pattern DES = Pattern.compile(CHARACTERS + "{13}");

  /** How a password is compared with the hash. */
  public enum Scheme {
    /** {@code $2a$}, {@code $2b$} or {@code $2y$}, as {@code htpasswd -B} makes it. */
    BCRYPT("$2", true),
    /** {@code $apr1$}, as {@code htpasswd} makes it by default. */
    APR1("$apr1$", true),
    /** {@code $1$}. */
    MD5("$1$", true),
    /** {@code $5$}. */
    SHA256("$5$", true),
    /** {@code $6$}. */
    SHA512("$6$", true),
    /** {@code {SHA}} and Base64. */
    SHA1("{SHA}", false),
    /** {@code {SSHA}} and Base64 of the hash and its salt. */
    SALTED_SHA1("{SSHA}", false),
    /** {@code {PLAIN}} and the password itself. */
    PLAIN("{PLAIN}", false),
    /** The oldest of {@code crypt(3)}: 13 characters, and of passwords only the first 8 count. */
    DES("", true);

    private final String prefix;
    private final boolean costly;

    Scheme(String prefix, boolean costly) {
      this.prefix = prefix;
      this.costly = costly;
    }

    /** What the hash begins with. */
    public String prefix() {
      return prefix;
    }

    /** Whether a comparison takes more than some microseconds. */
    public boolean isCostly() {
      return costly;
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when no password can be compared with it, with the reason in
   *     words that do not repeat any part of it
   */
  public static PasswordHash parse(String text) {
    for (Scheme scheme : Scheme.values()) {
      if (text.startsWith(scheme.prefix())) {
        check(scheme, text);
        return new PasswordHash(scheme, text);
      }
    }
    throw new AssertionError("the last prefix is empty");
  }

  /** The part after the prefix. */
  public String value() {
    return text.substring(scheme.prefix().length());
  }

  private static void check(Scheme scheme, String text) {
    String value = text.substring(scheme.prefix().length());
    switch (scheme) {
      case BCRYPT -> {
        int cost = number(whole(BCRYPT, text, "a bcrypt hash"));
        require(
            cost >= MIN_BCRYPT_COST && cost <= MAX_BCRYPT_COST,
            "a cost of bcrypt from %d to %d".formatted(MIN_BCRYPT_COST, MAX_BCRYPT_COST));
      }
      case APR1, MD5 -> whole(MD5, text, "an MD5 hash, with a salt of 1 to 8 characters");
      case SHA256, SHA512 -> {
        Matcher parts =
            whole(SHA_CRYPT, text, "a SHA-crypt hash, with a salt of 1 to 16 characters");
        int digits = text.length() - text.lastIndexOf('$') - 1;
        require(digits == (scheme == Scheme.SHA256 ? 43 : 86), "a SHA-crypt hash of full length");
        if (parts.group(1) != null) {
          int rounds = number(parts);
          require(
              rounds >= MIN_ROUNDS && rounds <= MAX_ROUNDS,
              "%,d to %,d rounds of SHA-crypt".formatted(MIN_ROUNDS, MAX_ROUNDS));
        }
      }
      case SHA1 ->
          require(decode(value).length == SHA1_BYTES, "{SHA} and 20 bytes in Base64");
      case SALTED_SHA1 -> {
        int salt = decode(value).length - SHA1_BYTES;
        require(
            salt >= 0 && salt <= MAX_SALT_BYTES,
            "{SSHA} and 20 bytes in Base64, with a salt of at most 64 more");
      }
      case PLAIN -> require(value.length() <= MAX_PLAIN, "{PLAIN} and at most 1,024 characters");
      case DES ->
          whole(
              DES,
              text,
              "a hash of bcrypt, apr1, {SHA}, {SSHA}, $5$, $6$ or DES, as htpasswd makes them");
    }
  }

  private static Matcher whole(Pattern form, String text, String expected) {
    Matcher matcher = form.matcher(text);
    require(matcher.matches(), expected);
    return matcher;
  }

  private static int number(Matcher parts) {
    return Integer.parseInt(parts.group(1));
  }

  /** The bytes; of text that is no Base64 too few to be anything. */
  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static void require(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + expected);
    }
  }

  /** Leaves the hash out, so that no log shows it. */
  @Override
  public String toString() {
    return scheme.toString();
  }
}
