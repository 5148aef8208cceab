package io.isoline.controlplane.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.isoline.envoy.CredentialsSocket;
import io.isoline.translator.credentials.CheckContext;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsServerTest {

  private static final String RIGHT = "Basic YWRhOnB3";

  @SuppressWarnings("NullAway") // set before each test
  @TempDir
  private Path directory;

  private static CheckRequest question(Map<String, String> context, String authorization) {
    CheckRequest.Builder request = CheckRequest.newBuilder();
    request.getAttributesBuilder().putAllContextExtensions(context);
    request
        .getAttributesBuilder()
        .getRequestBuilder()
        .getHttpBuilder()
        .putHeaders("authorization", authorization);
    return request.build();
  }

  private static CheckResponse ask(Path socket, CheckRequest question) {
    EventLoopGroup events = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(events)
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .usePlaintext()
            .build();
    try {
      return AuthorizationGrpc.newBlockingStub(channel).check(question);
    } finally {
      channel.shutdownNow();
      var _ = events.shutdownGracefully();
    }
  }

  @Test
  void question_isAnswered_andTheSocketGoesWithTheServer() throws Exception {
    Path socket = directory.resolve("users.sock");
    try (CredentialsServer _ = CredentialsServer.start(socket)) {
      Map<String, String> context =
          Map.of(CheckContext.USERS, "ada:{PLAIN}pw\n", CheckContext.REALM, "a\\\r\n\"b\"");
      CheckResponse right = ask(socket, question(context, RIGHT));
      assertEquals(0, right.getStatus().getCode());
      assertEquals("authorization", right.getOkResponse().getHeadersToRemove(0));
      CheckResponse wrong = ask(socket, question(context, "Basic eDp5"));
      assertEquals(401, wrong.getDeniedResponse().getStatus().getCodeValue());
      assertEquals(
          "Basic realm=\"a\\\\  \\\"b\\\"\"",
          wrong.getDeniedResponse().getHeaders(0).getHeader().getValue());
      assertEquals(
          "rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }
    assertFalse(Files.exists(socket));
  }

  @Test
  void questionWithoutAList_isNotAllowed() throws Exception {
    Path socket = directory.resolve("users.sock");
    try (CredentialsServer _ = CredentialsServer.start(socket)) {
      CheckResponse answer = ask(socket, question(Map.of(), RIGHT));
      assertEquals(503, answer.getDeniedResponse().getStatus().getCodeValue());
      assertTrue(answer.getStatus().getCode() != 0);
    }
  }

  /** As one that was killed leaves it. */
  @Test
  void socketThatNobodyListensOn_isReplaced() throws Exception {
    Path socket = directory.resolve("users.sock");
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(socket));
    }
    assertTrue(Files.exists(socket));
    try (CredentialsServer _ = CredentialsServer.start(socket)) {
      CheckResponse answer = ask(socket, question(Map.of(CheckContext.USERS, ""), RIGHT));
      assertEquals(401, answer.getDeniedResponse().getStatus().getCodeValue());
    }
  }

  @Test
  void socketOfAnother_isLeftAlone() throws Exception {
    Path socket = directory.resolve("users.sock");
    try (CredentialsServer _ = CredentialsServer.start(socket)) {
      IOException refusal =
          assertThrows(IOException.class, () -> CredentialsServer.start(socket));
      assertEquals("another process listens on " + socket, refusal.getMessage());
      assertEquals(
          503, ask(socket, question(Map.of(), "")).getDeniedResponse().getStatus().getCodeValue());
    }
  }

  @Test
  void fileThatIsNoSocket_isLeftAlone() throws Exception {
    Path file = Files.writeString(directory.resolve("users.sock"), "text");
    IOException refusal = assertThrows(IOException.class, () -> CredentialsServer.start(file));
    assertEquals(file + " is there and is not a socket", refusal.getMessage());
    assertEquals("text", Files.readString(file));
  }

  @Test
  void directoryThatIsNotThere_isSaid() {
    Path socket = directory.resolve("none/users.sock");
    assertThrows(IOException.class, () -> CredentialsServer.start(socket));
  }

  @Test
  void routesAndBootstrap_nameTheSameCluster() {
    assertEquals(CredentialsSocket.CLUSTER, CheckContext.CLUSTER);
  }
}
