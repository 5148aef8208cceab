package io.isoline.translator.envoy;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher.SanType;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.isoline.translator.model.BackendCredentials;
import io.isoline.translator.model.BackendTls;
import io.isoline.translator.model.KeyPair;
import io.isoline.translator.model.Upstream;
import io.isoline.translator.text.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Writes how TLS is spoken to backends.
 *
 * <p>What a Secret has is in the cluster itself. So it is in force together with what uses it, no other
 * cluster has it, and where it is refused the cluster is: nothing stands in for it, as an empty list
 * of authorities would be no verification at all.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/transport_sockets/tls/v3/tls.proto">UpstreamTlsContext</a>
 */
final class UpstreamTlsWriter {

  private UpstreamTlsWriter() {}

  /** Whether the name that is sent or verified is that of each request. */
  static boolean followsRequest(Upstream upstream) {
    BackendTls tls = upstream.options().tls();
    return name(upstream) == null && (tls.announced() || tls.verified());
  }

  /** What the backend is called; null for the host of the request. */
  private static @Nullable String name(Upstream upstream) {
    String name = upstream.options().tls().name();
    if (name != null) {
      return name;
    }
    return switch (upstream) {
      case Upstream.Dns dns -> dns.dnsName();
      case Upstream.Outside outside when !outside.isAddress() -> outside.host();
      case Upstream.Outside _, Upstream.Endpoints _, Upstream.ClusterIp _ -> null;
    };
  }

  static TransportSocket socket(Upstream upstream, BackendCredentials credentials) {
    BackendTls tls = upstream.options().tls();
    String name = name(upstream);
    CommonTlsContext.Builder common =
        CommonTlsContext.newBuilder()
            .setTlsParams(parameters(tls, credentials))
            .addAlpnProtocols(upstream.protocol().http2() ? "h2" : "http/1.1");
    KeyPair pair = credentials.certificate();
    if (pair != null) {
      common.addTlsCertificates(
          TlsCertificate.newBuilder()
              .setCertificateChain(DataSource.newBuilder().setInlineBytes(pair.chain()))
              .setPrivateKey(DataSource.newBuilder().setInlineBytes(pair.key())));
    }
    UpstreamTlsContext.Builder context = UpstreamTlsContext.newBuilder();
    if (tls.verified()) {
      common.setValidationContext(verification(name, credentials));
      // A session that is resumed is verified by nobody, and may have begun for another name.
      context.setMaxSessionKeys(UInt32Value.of(0));
    }
    if (tls.announced() && name != null && IpAddress.parse(name) == null) {
      context.setSni(name);
    }
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Packing.any(context.setCommonTlsContext(common).build()))
        .build();
  }

  private static TlsParameters parameters(BackendTls tls, BackendCredentials credentials) {
    TlsParameters.Builder parameters =
        TlsParameters.newBuilder().addAllCipherSuites(tls.ciphers());
    BackendTls.Versions versions = tls.versions();
    if (versions == BackendTls.Versions.OF_NGINX) {
      versions =
          credentials.authorities().isEmpty()
              ? BackendTls.Versions.ANY
              : BackendTls.Versions.TLS_1_2;
    }
    switch (versions) {
      case ANY, OF_NGINX -> parameters.setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_3);
      case TLS_1_2 -> parameters.setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_2);
      case TLS_1_3 ->
          parameters
              .setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_3)
              .setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_3);
    }
    return parameters.build();
  }

  private static CertificateValidationContext verification(
      @Nullable String name, BackendCredentials credentials) {
    // There is a limit of the depth, but Envoy has it for clients alone.
    CertificateValidationContext.Builder context =
        CertificateValidationContext.newBuilder()
            .setTrustedCa(DataSource.newBuilder().setInlineBytes(credentials.authorities()));
    if (name != null) {
      context.addMatchTypedSubjectAltNames(
          SubjectAltNameMatcher.newBuilder()
              .setSanType(IpAddress.parse(name) == null ? SanType.DNS : SanType.IP_ADDRESS)
              .setMatcher(RouteWriter.exact(name)));
    }
    return context.build();
  }
}
