package io.isoline.translator.model;

import org.jspecify.annotations.Nullable;

/**
 * What a host asks of the certificates of its clients. A request that came without TLS, or by TLS for
 * another host that verifies otherwise, gets 421.
 *
 * @param subject an expression in the syntax of RE2 that the whole subject has to match, in the form
 *     of RFC 2253; null for any
 * @param errorPage where clients without a certificate that passes are sent; null for an answer of 400
 * @param passes whether backends get the certificate
 */
public record ClientCheck(
    ClientVerification verification,
    Mode mode,
    @Nullable String subject,
    @Nullable String errorPage,
    boolean passes) {

  /** Which requests pass. */
  public enum Mode {
    /** Those with a certificate of one of the authorities. */
    REQUIRED,
    /** Those, and those without a certificate. */
    OPTIONAL,
    /** All: the backend looks at what came of it. */
    UNVERIFIED
  }
}
