package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.model.ClientCheck;
import org.jspecify.annotations.Nullable;

/**
 * What an Ingress asks of the certificates of clients of its hosts.
 *
 * @param authorities the Secret with those who may issue them; null where something of it cannot be
 *     put in force, so that nobody may pass
 * @param mode which requests pass
 * @param depth how many certificates may be between the client's and that of an authority
 * @param subject an expression in the syntax of RE2 for the whole subject; null for any
 * @param errorPage where others are sent; null for an answer of 400
 * @param passes whether backends get the certificate
 */
public record ClientAuthentication(
    @Nullable ObjectRef authorities,
    ClientCheck.Mode mode,
    int depth,
    @Nullable String subject,
    @Nullable String errorPage,
    boolean passes) {

  /** Something of it cannot be put in force. */
  static final ClientAuthentication CLOSED =
      new ClientAuthentication(null, ClientCheck.Mode.REQUIRED, 0, null, null, false);
}
