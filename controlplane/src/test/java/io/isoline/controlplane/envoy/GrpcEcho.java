package io.isoline.controlplane.envoy;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC service that sends each message back and ends with trailers; the message {@code fail} ends
 * it with a status instead.
 */
final class GrpcEcho implements AutoCloseable {

  private static final Metadata.Key<String> TRAILER =
      Metadata.Key.of("trailer", Metadata.ASCII_STRING_MARSHALLER);

  private static final MethodDescriptor<String, String> METHOD =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName("test.Echo/Echo")
          .setRequestMarshaller(new Text())
          .setResponseMarshaller(new Text())
          .build();

  private final Server server;

  private GrpcEcho(Server server) {
    this.server = server;
  }

  static GrpcEcho start() throws IOException {
    return new GrpcEcho(
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(
                ServerServiceDefinition.builder("test.Echo")
                    .addMethod(METHOD, (call, _) -> new Echo(call).begin())
                    .build())
            .build()
            .start());
  }

  int port() {
    return server.getPort();
  }

  /** Sends messages; gives the answers, and the status with the trailer at the end. */
  static List<String> call(Channel channel, String... messages) throws Exception {
    ClientCall<String, String> call = channel.newCall(METHOD, CallOptions.DEFAULT);
    Answers answers = new Answers();
    call.start(answers, new Metadata());
    call.request(100);
    for (String message : messages) {
      call.sendMessage(message);
    }
    call.halfClose();
    return answers.all.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    server.shutdownNow();
    Await.until("the gRPC server has ended", server::isTerminated);
  }

  private static final class Echo extends ServerCall.Listener<String> {
    private final ServerCall<String, String> call;
    private boolean ended;

    Echo(ServerCall<String, String> call) {
      this.call = call;
    }

    Echo begin() {
      call.sendHeaders(new Metadata());
      call.request(100);
      return this;
    }

    @Override
    public void onMessage(String message) {
      if (message.equals("fail")) {
        end(Status.NOT_FOUND);
      } else {
        call.sendMessage(message);
      }
    }

    @Override
    public void onHalfClose() {
      end(Status.OK);
    }

    private void end(Status status) {
      if (!ended) {
        ended = true;
        Metadata trailers = new Metadata();
        trailers.put(TRAILER, "yes");
        call.close(status, trailers);
      }
    }
  }

  private static final class Answers extends ClientCall.Listener<String> {
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final CompletableFuture<List<String>> all = new CompletableFuture<>();

    @Override
    public void onMessage(String message) {
      messages.add(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      messages.add(status.getCode() + " trailer=" + trailers.get(TRAILER));
      all.complete(messages);
    }
  }

  /** Messages are text, not protobuf. */
  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
