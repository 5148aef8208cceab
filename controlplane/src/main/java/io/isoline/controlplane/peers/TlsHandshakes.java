package io.isoline.controlplane.peers;

import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Sees what comes of each TLS handshake of a server: tells of those that fail, and closes a
 * connection when the client's certificate expires.
 *
 * <p>gRPC owns the connections and has no other place to learn of either.
 */
final class TlsHandshakes implements InternalProtocolNegotiator.ProtocolNegotiator {
  private final InternalProtocolNegotiator.ProtocolNegotiator tls;
  private final TlsRefusals refusals;
  private final Consumer<String> warnings;
  private final Expiries expiries;

  TlsHandshakes(
      InternalProtocolNegotiator.ProtocolNegotiator tls,
      TlsRefusals refusals,
      Consumer<String> warnings,
      Expiries expiries) {
    this.expiries = expiries;
    this.tls = tls;
    this.refusals = refusals;
    this.warnings = warnings;
  }

  @Override
  public AsciiString scheme() {
    return tls.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler connection) {
    return new Observer(tls.newHandler(connection));
  }

  @Override
  public void close() {
    tls.close();
  }

  /** First in the pipeline of a connection, and on its thread. */
  private final class Observer extends ChannelInboundHandlerAdapter {
    private final ChannelHandler negotiation;
    private boolean observing;
    private @Nullable Runnable expiry;

    Observer(ChannelHandler negotiation) {
      this.negotiation = negotiation;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext connection) {
      connection.pipeline().addAfter(connection.name(), null, negotiation);
    }

    @Override
    public void channelRead(ChannelHandlerContext connection, Object bytes) throws Exception {
      // Not before: a port probe sends nothing, and is nobody that is refused.
      if (!observing) {
        observing = true;
        String peer = RemoteAddress.text(connection.channel().remoteAddress());
        SslHandler handler = connection.pipeline().get(SslHandler.class);
        var _ =
            handler
                .handshakeFuture()
                .addListener(
                    handshake -> {
                      Throwable failure = handshake.cause();
                      if (failure == null) {
                        expire(connection, peer, handler);
                      } else {
                        refusals.failed(peer, failure);
                      }
                    });
      }
      super.channelRead(connection, bytes);
    }

    private void expire(ChannelHandlerContext connection, String peer, SslHandler handler)
        throws SSLPeerUnverifiedException {
      Instant end =
          Stream.of(handler.engine().getSession().getPeerCertificates())
              .map(certificate -> ((X509Certificate) certificate).getNotAfter().toInstant())
              .min(Instant::compareTo)
              .orElseThrow();
      Runnable close =
          () -> {
            warnings.accept(
                "the certificate of client %s has expired; its connection is closed"
                    .formatted(peer));
            var _ = connection.close();
          };
      expiry = close;
      expiries.add(close, end);
    }

    @Override
    public void channelInactive(ChannelHandlerContext connection) throws Exception {
      if (expiry != null) {
        expiries.withdraw(expiry);
      }
      super.channelInactive(connection);
    }
  }
}
