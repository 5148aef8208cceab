package io.isoline.translator.model;

import io.isoline.translator.ObjectRef;

/** A port of a Service, or of a host, as the target of routes; it becomes one Envoy cluster. */
public sealed interface Upstream {

  /** The name of the cluster: no part of it can contain the separator. */
  default String name() {
    String plain = service().namespace() + "/" + service().name() + "/" + port();
    String variant = variant();
    return variant.isEmpty() ? plain : plain + "/" + variant;
  }

  /** Whose the port is: a Service, or the Ingress that names another host. */
  ObjectRef service();

  /** The Service's port, which is not what the pods listen on. */
  int port();

  Protocol protocol();

  /** What it has otherwise than the Service says; {@link BackendOptions#NONE} for nothing. */
  BackendOptions options();

  /** What tells it from the upstream of the same port that is as the Service says; empty for that. */
  default String variant() {
    return options().variant();
  }

  /** How a backend is spoken to. */
  enum Protocol {
    HTTP1(false, false),
    HTTP1_TLS(false, true),
    HTTP2(true, false),
    /** HTTP/2 for calls of gRPC, among which are no WebSockets. */
    GRPC(true, false),
    GRPC_TLS(true, true),
    /** Bytes that are passed on as they are. */
    TCP(false, false),
    /** The same, after a PROXY header (version 1) that says whose they are. */
    TCP_WITH_PROXY(false, false),
    /** Datagrams. */
    UDP(false, false);

    private final boolean http2;
    private final boolean tls;

    Protocol(boolean http2, boolean tls) {
      this.http2 = http2;
      this.tls = tls;
    }

    public boolean http2() {
      return http2;
    }

    /** Whether Envoy reads what is spoken. */
    public boolean http() {
      return this != TCP && this != TCP_WITH_PROXY && this != UDP;
    }

    public boolean tls() {
      return tls;
    }
  }

  /**
   * A Service with EndpointSlices.
   *
   * @param portName the name of the port, by which its EndpointSlices are read; empty if nameless
   */
  record Endpoints(
      ObjectRef service, String portName, int port, Protocol protocol, BackendOptions options)
      implements Upstream {

    /**
     * The name of the endpoints, which all variants of the port share; a Service may have a number
     * twice, for TCP and UDP.
     */
    public String endpointsName() {
      String plain = service.namespace() + "/" + service.name() + "/" + port;
      return protocol == Protocol.UDP ? plain + "/udp" : plain;
    }
  }

  /**
   * The cluster IP of a Service, behind which the nodes find its endpoints.
   *
   * @param address an IP address, IPv6 without brackets
   */
  record ClusterIp(
      ObjectRef service, String address, int port, Protocol protocol, BackendOptions options)
      implements Upstream {}

  /**
   * A Service of type ExternalName.
   *
   * @param dnsName what Envoy resolves
   */
  record Dns(
      ObjectRef service, String dnsName, int port, Protocol protocol, BackendOptions options)
      implements Upstream {}

  /**
   * A host that an Ingress names by itself. Each Ingress has a cluster of its own for it.
   *
   * @param host an IPv4 address, or a DNS name without a dot at its end
   * @param isAddress whether it is an address
   */
  record Outside(
      ObjectRef ingress,
      String host,
      boolean isAddress,
      int port,
      Protocol protocol,
      BackendOptions options)
      implements Upstream {

    /** No name of a Service's cluster has as many parts. */
    @Override
    public String name() {
      return String.join(
          "/",
          ingress.namespace(),
          ingress.name(),
          host,
          Integer.toString(port),
          "outside/" + variant());
    }

    @Override
    public ObjectRef service() {
      return ingress;
    }
  }
}
