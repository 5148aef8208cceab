package io.isoline.translator.settings;

import io.isoline.translator.settings.IngressSettings.DefaultBackend;

/**
 * A port that Envoy passes on to a Service as it is, without looking at what is sent.
 *
 * @param port that Envoy listens on, 1 to 65535
 * @param backend where connections or datagrams go
 * @param readsProxy whether each connection begins with a PROXY header (version 1 or 2), by which the
 *     proxy in front says whose it is; TCP alone
 * @param writesProxy whether the backend gets such a header (version 1); TCP alone
 */
public record PortService(
    Transport transport, int port, DefaultBackend backend, boolean readsProxy, boolean writesProxy) {

  /** What is passed on. */
  public enum Transport {
    TCP,
    UDP
  }

  /** As ingress-nginx writes it: {@code 9000=shop/db:5432}, with {@code :PROXY} at the end. */
  @Override
  public String toString() {
    return port
        + "="
        + backend
        + (readsProxy || writesProxy ? ":" : "")
        + (readsProxy ? "PROXY" : "")
        + (writesProxy ? ":PROXY" : "");
  }
}
