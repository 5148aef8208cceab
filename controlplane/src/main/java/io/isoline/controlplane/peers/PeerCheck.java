package io.isoline.controlplane.peers;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Lets only clients of one role call a service. Who the client is was settled by the handshake; as
 * a connection may be older than a change of the CA, each call is checked anew.
 */
final class PeerCheck implements ServerInterceptor {
  private final PeerRole role;
  private final PeerTls tls;

  PeerCheck(PeerRole role, PeerTls tls) {
    this.role = role;
    this.tls = tls;
  }

  @Override
  public <Q, S> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
    String peer = RemoteAddress.text(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    X509Certificate[] chain = chain(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    try {
      if (chain == null) {
        tls.refusals().refused(peer, TlsRefusals.Reason.NO_CERTIFICATE, null);
        return refuse(call, Status.UNAUTHENTICATED.withDescription("a certificate is needed"));
      }
      Set<PeerRole> roles = tls.check(chain);
      if (!roles.contains(role)) {
        String method = call.getMethodDescriptor().getFullMethodName();
        tls.refusals().refused(peer, TlsRefusals.Reason.OTHER_ROLE, method);
        return refuse(
            call,
            Status.PERMISSION_DENIED.withDescription(
                method + " is for certificates with the DNS name " + role.dnsName()));
      }
    } catch (CertificateException e) {
      TlsRefusals.Reason reason = TlsRefusals.reason(e);
      tls.refusals().refused(peer, reason == null ? TlsRefusals.Reason.FOREIGN : reason, null);
      return refuse(
          call,
          Status.UNAUTHENTICATED.withDescription(
              "the certificate of this connection has expired or its CA is not trusted any more:"
                  + " connect anew"));
    }
    return next.startCall(call, headers);
  }

  private static X509Certificate @Nullable [] chain(@Nullable SSLSession session) {
    try {
      return session == null
          ? null
          : Stream.of(session.getPeerCertificates())
              .map(X509Certificate.class::cast)
              .toArray(X509Certificate[]::new);
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  private static <Q, S> ServerCall.Listener<Q> refuse(ServerCall<Q, S> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
