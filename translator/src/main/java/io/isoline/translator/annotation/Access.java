package io.isoline.translator.annotation;

import org.jspecify.annotations.Nullable;

/**
 * What the annotations of an Ingress ask of clients before they get anything.
 *
 * @param users the Secret with those who may log in
 * @param realm what clients are told that the password is for
 */
public record Access(@Nullable SecretUse users, String realm) {}
