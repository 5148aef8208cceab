package io.isoline.translator.credentials;

/**
 * What a route and the service that answers its questions have to agree on. Envoy's filter of
 * external authorization sends the entries of {@code CheckSettings.context_extensions} along.
 */
public final class CheckContext {

  /** The static cluster of an Envoy's bootstrap that leads to the service beside it. */
  public static final String CLUSTER = "isoline-credentials";

  /** The entry with the {@link UserList.Usable#text}. Without it and {@link #EXTERNAL}, nobody passes. */
  public static final String USERS = "isoline.users";

  /** The entry with the realm, as a person wrote it. */
  public static final String REALM = "isoline.realm";

  /** The entry with the {@link ExternalCheck#text}. */
  public static final String EXTERNAL = "isoline.external";

  /** Whether one way in is enough; there, with any value, where it is. */
  public static final String ANY = "isoline.any";

  /** Whether the service that is asked may be this machine; there, with any value, where it may. */
  public static final String LOOPBACK = "isoline.loopback";

  private CheckContext() {}
}
