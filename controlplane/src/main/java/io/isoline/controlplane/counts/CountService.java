package io.isoline.controlplane.counts;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.isoline.controlplane.access.Admission;
import io.isoline.translator.credentials.ConnectionCount;
import io.isoline.translator.text.IpAddress;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC service that lets a request pass while its client has not too many under way. A stream is a
 * request: it is counted until the stream ends, however that comes about.
 *
 * <p>What cannot be read gets 503.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/api-v3/service/ext_proc/v3/external_processor.proto">External
 *     processing service</a>
 */
public final class CountService extends ExternalProcessorGrpc.ExternalProcessorImplBase {

  private static final Logger LOG = LoggerFactory.getLogger(CountService.class);

  /** The name of the kind of filter, under which the attributes come. */
  private static final String ATTRIBUTES = "envoy.filters.http.ext_proc";

  /** Each takes some kilobytes of the heap while it is under way. */
  private static final Admission.Limits LIMITS = new Admission.Limits(4_096, 2_048, 0);

  private static final ProcessingResponse PASS =
      ProcessingResponse.newBuilder()
          .setRequestHeaders(HeadersResponse.getDefaultInstance())
          .build();

  private static final ProcessingResponse TRAILERS_AS_THEY_ARE =
      ProcessingResponse.newBuilder()
          .setResponseTrailers(TrailersResponse.getDefaultInstance())
          .build();

  private static final ProcessingResponse REFUSED =
      ProcessingResponse.newBuilder()
          .setImmediateResponse(
              ImmediateResponse.newBuilder()
                  .setStatus(HttpStatus.newBuilder().setCode(StatusCode.ServiceUnavailable))
                  .setBody(
                      ByteString.copyFromUtf8("the client has too many requests under way"))
                  .setDetails("limit_connections"))
          .build();

  private final ClientCounts counts;

  CountService(ClientCounts counts) {
    this.counts = counts;
  }

  /** The service as a server takes it. */
  public static ServerServiceDefinition create() {
    return ServerInterceptors.intercept(
        new CountService(new ClientCounts(new Admission(LIMITS))), OpeningStream.INTERCEPTOR);
  }

  @Override
  public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> observer) {
    return new UnderWay(OpeningStream.takeRoute(), observer);
  }

  /** The address of the client; null when there is none that can be read. */
  private static @Nullable InetAddress client(ProcessingRequest request) {
    String address =
        request
            .getAttributesOrDefault(ATTRIBUTES, Struct.getDefaultInstance())
            .getFieldsOrDefault(ConnectionCount.CLIENT, Value.getDefaultInstance())
            .getStringValue();
    // With a port, and an IPv6 one in brackets.
    int colon = address.lastIndexOf(':');
    String host = colon < 0 ? address : address.substring(0, colon);
    return IpAddress.parse(
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host);
  }

  /** One request. gRPC calls it by one thread at a time. */
  private final class UnderWay implements StreamObserver<ProcessingRequest> {

    /** Until the head has come. */
    private @Nullable CountedRoute route;

    private final StreamObserver<ProcessingResponse> observer;
    private ClientCounts.@Nullable Key counted;

    UnderWay(@Nullable CountedRoute route, StreamObserver<ProcessingResponse> observer) {
      this.route = route;
      this.observer = observer;
    }

    @Override
    public void onNext(ProcessingRequest request) {
      switch (request.getRequestCase()) {
        case REQUEST_HEADERS -> begin(client(request));
        case RESPONSE_TRAILERS -> observer.onNext(TRAILERS_AS_THEY_ARE);
        case RESPONSE_HEADERS,
            REQUEST_TRAILERS,
            REQUEST_BODY,
            RESPONSE_BODY,
            REQUEST_NOT_SET ->
            throw Status.UNIMPLEMENTED
                .withDescription("only heads of requests and trailers of answers are asked about")
                .asRuntimeException();
      }
    }

    private void begin(@Nullable InetAddress client) {
      CountedRoute limit = route;
      route = null;
      if (limit == null || client == null) {
        observer.onNext(REFUSED);
        return;
      }
      if (!limit.exempts(client)) {
        ClientCounts.Key key = new ClientCounts.Key(limit.counter(), client.getHostAddress());
        if (!counts.enter(key, limit.most())) {
          observer.onNext(REFUSED);
          return;
        }
        counted = key;
      }
      observer.onNext(PASS);
    }

    @Override
    public void onError(Throwable failure) {
      LOG.trace("a request ended: {}", failure.getMessage());
      end();
    }

    @Override
    public void onCompleted() {
      end();
      observer.onCompleted();
    }

    private void end() {
      if (counted != null) {
        counts.leave(counted);
        counted = null;
      }
    }
  }
}
