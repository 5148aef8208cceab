package io.isoline.controlplane.credentials;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.buffer.UnpooledByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.isoline.controlplane.access.ExternalAuthority;
import io.isoline.controlplane.counts.CountService;
import io.isoline.translator.credentials.ConnectionCount;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Listens on a Unix socket for an Envoy that asks who may pass, and that has requests counted.
 *
 * <p>The sockets are those of the JDK. The ones of Netty would have to unpack a library, and where
 * this runs, nothing may be written that can be run.
 *
 * <p>For any thread.
 */
public final class CredentialsServer implements AutoCloseable {

  /**
   * How long a comparison waits for its turn at most. The timeout of Envoy's filter has to be some
   * seconds more, which the comparison itself may take.
   */
  static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final HashingQueue.Limits LIMITS =
      new HashingQueue.Limits(2, 32, 128, PATIENCE.toNanos());

  /**
   * The longest question in bytes: a list of users, and a request head as long as Envoy takes it.
   */
  private static final int MAX_REQUEST = 256 << 10;

  /** The longest metadata of a stream in bytes: a list of addresses that are not counted, and names. */
  private static final int MAX_METADATA = ConnectionCount.EXEMPT_BYTES + (8 << 10);

  private static final int MAX_CALLS = 2_048;

  /**
   * The window of flow control in bytes: room for several whole questions, so that few of them
   * arrive in parts side by side.
   */
  private static final int WINDOW = 1 << 20;

  private static final int STOP_SECONDS = 2;

  private final Path socket;
  private final EventLoopGroup events;
  private final Authenticator authenticator;
  private final ExternalAuthority authority;
  private final Server server;

  private CredentialsServer(Path socket) {
    this.socket = socket;
    authenticator = new Authenticator(HashingQueue.start(LIMITS, System::nanoTime));
    authority = ExternalAuthority.start();
    events = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(events)
            .workerEventLoopGroup(events)
            // Memory outside of the heap is scarce in a small container.
            .withChildOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
            // A Unix socket does not know what gRPC sets for each connection.
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .directExecutor()
            .maxInboundMessageSize(MAX_REQUEST)
            .maxConcurrentCallsPerConnection(MAX_CALLS)
            .flowControlWindow(WINDOW)
            .maxInboundMetadataSize(MAX_METADATA)
            .addService(new CredentialsService(authenticator, authority))
            .addService(CountService.create())
            .build();
  }

  /**
   * Starts to listen. Whoever has the group of the directory can connect, as to Envoy's own socket.
   *
   * @param socket its path; a socket that nobody listens on any more is replaced
   * @throws IOException when the path cannot be listened on
   */
  public static CredentialsServer start(Path socket) throws IOException {
    removeStale(socket);
    CredentialsServer server = new CredentialsServer(socket);
    try {
      server.server.start();
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private static void removeStale(Path socket) throws IOException {
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      throw new IOException("another process listens on " + socket);
    } catch (SocketException e) {
      if (Files.isRegularFile(socket, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(socket)) {
        throw new IOException(socket + " is there and is not a socket", e);
      }
      Files.delete(socket);
    }
  }

  @Override
  public void close() {
    server.shutdown();
    authenticator.close();
    authority.close();
    try {
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
        server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
      }
      Files.deleteIfExists(socket);
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The file of the socket stays; whoever listens there next replaces it.
    } finally {
      var _ = events.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
    }
  }
}
