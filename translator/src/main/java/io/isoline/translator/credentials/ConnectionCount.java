package io.isoline.translator.credentials;

/**
 * What a route and the service that counts requests beside an Envoy have to agree on. Envoy's filter of
 * external processing sends these along, as the metadata of a stream that lasts as long as the request.
 */
public final class ConnectionCount {

  /** The static cluster of an Envoy's bootstrap that leads to the service beside it. */
  public static final String CLUSTER = "isoline-counts";

  /** The metadata that says which requests are counted together: {@code NAMESPACE/NAME}. */
  public static final String COUNTER = "isoline-counter";

  /** The metadata with the number that a client may have under way, in decimal. */
  public static final String MOST = "isoline-most";

  /** The metadata with the ranges of addresses that are not counted, with a comma between them. */
  public static final String EXEMPT = "isoline-exempt";

  /** The longest text of {@link #EXEMPT} in bytes. It comes with each request, which holds it in the heap. */
  public static final int EXEMPT_BYTES = 1_024;

  /** The attribute with the address and port of the client. */
  public static final String CLIENT = "source.address";

  private ConnectionCount() {}
}
