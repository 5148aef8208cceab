package io.isoline.translator.annotation;

import io.isoline.translator.credentials.ExternalCheck;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of an Ingress ask of clients before they get anything.
 *
 * @param users the Secret with those who may log in; null when no password is asked for
 * @param realm what clients are told that the password is for
 * @param external what a service is asked; null when none is
 * @param asking the annotation that names the service, as verdicts call it
 * @param any whether one of these is enough, or an address that is let in
 */
public record Access(
    @Nullable SecretUse users,
    String realm,
    @Nullable ExternalCheck external,
    String asking,
    boolean any) {

  static final Access NONE = new Access(null, "", null, "", false);

  /**
   * Whether the request says which host is asked. Where hosts may be any, that would be a service of
   * the client's own.
   */
  public boolean asksHostOfRequest() {
    return external != null && external.url().host() == null;
  }

  boolean asksNothing() {
    return users == null && external == null;
  }
}
