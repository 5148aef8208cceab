package io.isoline.controlplane.peers;

import static io.isoline.controlplane.stream.Resources.dnsCluster;
import static io.isoline.translator.ResourceType.CLUSTER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.isoline.controlplane.certs.CertificateAuthority;
import io.isoline.controlplane.certs.Credential;
import io.isoline.controlplane.certs.XdsIdentity;
import io.isoline.controlplane.envoy.Await;
import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.stream.StreamEvents;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.controlplane.xds.XdsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is served over mutual TLS and who is not, on real connections. */
final class PeerTlsTest {
  private final Instant now = Instant.now();
  private volatile Duration later = Duration.ZERO;
  private final CertificateAuthority ca = CertificateAuthority.create(now);
  private final CertificateAuthority otherCa = CertificateAuthority.create(now);
  private final Credential serverCredential = ca.issue(XdsIdentity.SERVER, now);
  private final Credential envoy = ca.issue(XdsIdentity.CLIENT, now);

  private static final MethodDescriptor<String, String> REPORT =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("test.Replicas/Report")
          .setRequestMarshaller(new Text())
          .setResponseMarshaller(new Text())
          .build();

  private final ResourceStore store = new ResourceStore();
  private final ScheduledExecutorService engine = Executors.newSingleThreadScheduledExecutor();
  private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  @TempDir private Path directory;
  private SecretVolume volume;
  private PeerTls tls;
  private XdsServer server;

  @BeforeEach
  void start() throws Exception {
    volume = new SecretVolume(directory.resolve("server"));
    volume.put(serverCredential, ca);
    tls = PeerTls.open(volume.files(), Duration.ofMillis(20), log::add, () -> now.plus(later));
    PeerService replicas =
        new PeerService(
            PeerRole.REPLICA,
            () ->
                ServerServiceDefinition.builder("test.Replicas")
                    .addMethod(
                        REPORT,
                        ServerCalls.asyncUnaryCall(
                            (request, response) -> {
                              response.onNext("got " + request);
                              response.onCompleted();
                            }))
                    .build());
    server =
        XdsServer.start(
            XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withTls(tls)
                .withServices(List.of(replicas)),
            store,
            engine,
            new StreamEvents() {
              @Override
              public void opened(StreamInfo stream) {}

              @Override
              public void closed(StreamInfo stream) {}

              @Override
              public void rejected(
                  StreamInfo stream, io.isoline.translator.Resource resource, String message) {}
            });
    apply("1");
  }

  @AfterEach
  void stop() throws Exception {
    for (ManagedChannel channel : channels) {
      channel.shutdownNow();
    }
    server.close();
    tls.close();
    engine.shutdownNow();
    for (ManagedChannel channel : channels) {
      assertTrue(channel.awaitTermination(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void envoyOfOurCa_isServedOverBothVariants() throws Exception {
    ManagedChannel channel = channel(envoy, ca);
    assertEquals("1", subscribe(channel).next().getResources(0).getVersion());
    Received<DiscoveryResponse> responses = new Received<>();
    AggregatedDiscoveryServiceGrpc.newStub(channel)
        .streamAggregatedResources(responses)
        .onNext(DiscoveryRequest.newBuilder().setTypeUrl(CLUSTER.typeUrl()).build());
    assertEquals(1, responses.next().getResourcesCount());
    assertEquals(List.of(), List.copyOf(log));
  }

  @Test
  void plaintext_isRefusedWithAWord() throws Exception {
    assertGetsNothing(channel(InsecureChannelCredentials.create()), Status.Code.UNAVAILABLE);
    assertWarned("it speaks no TLS");
  }

  @Test
  void clientWithoutCertificate_isRefusedWithAWord() throws Exception {
    ChannelCredentials credentials =
        TlsChannelCredentials.newBuilder().trustManager(stream(pem(ca))).build();
    assertGetsNothing(channel(credentials), Status.Code.UNAVAILABLE);
    assertWarned("it shows no certificate");
  }

  @Test
  void clientOfAnotherCa_isRefusedWithAWord() throws Exception {
    assertGetsNothing(channel(otherCa.issue(XdsIdentity.CLIENT, now), ca), Status.Code.UNAVAILABLE);
    assertWarned("comes from no CA that is trusted here");
  }

  @Test
  void clientWithAnExpiredCertificate_isRefusedWithAWord() throws Exception {
    Credential expired =
        ca.issue(
            XdsIdentity.CLIENT, now.minus(Duration.ofDays(2)), now.minus(Duration.ofSeconds(5)));
    assertGetsNothing(channel(expired, ca), Status.Code.UNAVAILABLE);
    assertWarned("has expired");
  }

  @Test
  void strangerOfOurCa_isRefusedWithAWord() throws Exception {
    assertGetsNothing(channel(stranger("envoy.example.com"), ca), Status.Code.UNAVAILABLE);
    assertWarned("none of the DNS names isoline-envoy, isoline");
  }

  @Test
  void clientThatDoesNotTrustUs_isToldInTheLog() throws Exception {
    assertGetsNothing(channel(envoy, otherCa), Status.Code.UNAVAILABLE);
    assertWarned("does not accept the certificate of this control plane");
  }

  @Test
  void tls12_isRefusedWithAWord() throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            context(envoy, new TrustAll())
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThrows(SSLException.class, socket::startHandshake);
    }
    assertWarned("does not offer TLS 1.3");
  }

  @Test
  void portProbe_isNotWorthAWord() throws Exception {
    new Socket(InetAddress.getLoopbackAddress(), server.port()).close();
    assertGetsNothing(channel(InsecureChannelCredentials.create()), Status.Code.UNAVAILABLE);
    assertWarned("it speaks no TLS");
  }

  @Test
  void refusals_ofTheSameKind_areOneLine() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertGetsNothing(channel(InsecureChannelCredentials.create()), Status.Code.UNAVAILABLE);
    }
    assertWarned("it speaks no TLS");
    assertEquals(List.of(), List.copyOf(log));
  }

  @Test
  void replica_callsItsServiceOnly() throws Exception {
    ManagedChannel channel = channel(serverCredential, ca);
    assertEquals(
        "got it", ClientCalls.blockingUnaryCall(channel, REPORT, CallOptions.DEFAULT, "it"));
    assertGetsNothing(channel, Status.Code.PERMISSION_DENIED);
    assertWarned("DeltaAggregatedResources");
    Received<DiscoveryResponse> responses = new Received<>();
    AggregatedDiscoveryServiceGrpc.newStub(channel)
        .streamAggregatedResources(responses)
        .onNext(DiscoveryRequest.newBuilder().setTypeUrl(CLUSTER.typeUrl()).build());
    assertEquals(Status.Code.PERMISSION_DENIED, responses.failure().getCode());
  }

  @Test
  void replicasOwnCredentials_openAChannelToAnother() throws Exception {
    assertEquals(
        "got it",
        ClientCalls.blockingUnaryCall(
            channel(tls.channelCredentials()), REPORT, CallOptions.DEFAULT, "it"));
  }

  @Test
  void envoy_callsNoOtherService() throws Exception {
    ManagedChannel channel = channel(envoy, ca);
    assertEquals(Status.Code.PERMISSION_DENIED, code(channel, REPORT));
    assertWarned("test.Replicas/Report");
    for (String unknown :
        List.of(
            "test.Replicas/Other", "grpc.reflection.v1.ServerReflection/ServerReflectionInfo")) {
      assertEquals(
          Status.Code.UNIMPLEMENTED,
          code(channel, REPORT.toBuilder().setFullMethodName(unknown).build()));
    }
  }

  @Test
  void strangers_reachNoMethodAtAll() throws Exception {
    ManagedChannel channel = channel(stranger("envoy.example.com"), ca);
    for (String method :
        List.of(
            "test.Replicas/Report",
            "test.Replicas/Other",
            "envoy.service.discovery.v3.AggregatedDiscoveryService/Fetch")) {
      assertEquals(
          Status.Code.UNAVAILABLE,
          code(channel, REPORT.toBuilder().setFullMethodName(method).build()));
    }
  }

  @Test
  void files_replacedByTheSameCa_openStreamsGoOnAndNewOnesSeeTheNew() throws Exception {
    Received<DeltaDiscoveryResponse> open = subscribe(channel(envoy, ca));
    open.next();
    Credential renewed = ca.issue(XdsIdentity.SERVER, now);
    volume.put(renewed, ca);
    awaitShown(renewed);
    assertEquals("1", subscribe(channel(envoy, ca)).next().getResources(0).getVersion());
    apply("2");
    assertEquals("2", open.next().getResources(0).getVersion());
    assertEquals(List.of(), List.copyOf(log));
  }

  @Test
  void files_replacedByAnotherCa_newCallsNeedOneOfIts() throws Exception {
    ManagedChannel channel = channel(envoy, ca);
    Received<DeltaDiscoveryResponse> open = subscribe(channel);
    open.next();
    Credential renewed = otherCa.issue(XdsIdentity.SERVER, now);
    volume.put(renewed, otherCa);
    awaitShown(renewed);
    // On the connection that is open, and on a new one.
    assertGetsNothing(channel, Status.Code.UNAUTHENTICATED);
    assertGetsNothing(channel(envoy, otherCa), Status.Code.UNAVAILABLE);
    Credential other = otherCa.issue(XdsIdentity.CLIENT, now);
    assertEquals("1", subscribe(channel(other, otherCa)).next().getResources(0).getVersion());
    apply("2");
    assertEquals("2", open.next().getResources(0).getVersion());
  }

  @Test
  void files_keyOfAnotherCertificate_keepTheLastGoodWithOneLine() throws Exception {
    volume.put(serverCredential.certificatePem(), envoy.keyPem(), ca.credential().certificatePem());
    String warning = warning();
    assertTrue(warning.contains("tls.key"), warning);
    assertTrue(warning.contains("the last good certificates stay in use"), warning);
    assertEquals("1", subscribe(channel(envoy, ca)).next().getResources(0).getVersion());
    Credential renewed = ca.issue(XdsIdentity.SERVER, now);
    volume.put(renewed, ca);
    awaitShown(renewed);
    assertEquals(List.of(), List.copyOf(log));
  }

  @Test
  void open_certificateOfAnotherName_isRefused() throws Exception {
    volume.put(envoy, ca);
    String message =
        assertThrows(TlsFiles.Unusable.class, () -> PeerTls.open(volume.files())).getMessage();
    assertTrue(String.valueOf(message).contains("lacks the DNS name isoline"), message);
  }

  @Test
  void open_fileMissingOrNoPem_isNamed() throws Exception {
    TlsFiles files = volume.files();
    assertTrue(
        message(new TlsFiles(files.certificate(), files.key(), directory.resolve("none")))
            .contains("none does not exist"));
    volume.put(serverCredential.certificatePem(), serverCredential.keyPem(), "no certificate");
    assertTrue(message(files).contains("ca.crt holds"));
    volume.put(serverCredential.certificatePem(), serverCredential.keyPem(), "");
    assertTrue(message(files).contains("ca.crt holds no certificate"));
  }

  @Test
  void clientsCertificate_expiresDuringAStream_endsIt() throws Exception {
    Credential brief =
        ca.issue(XdsIdentity.CLIENT, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)));
    Received<DeltaDiscoveryResponse> stream = subscribe(channel(brief, ca));
    stream.next();

    later = Duration.ofDays(1).plusSeconds(1);

    assertEquals(Status.Code.UNAVAILABLE, stream.failure().getCode());
    assertWarned("has expired; its connection is closed");
    assertEquals("1", subscribe(channel(envoy, ca)).next().getResources(0).getVersion());
  }

  private String message(TlsFiles files) {
    return String.valueOf(
        assertThrows(TlsFiles.Unusable.class, () -> PeerTls.open(files)).getMessage());
  }

  /** Returns when new connections are shown this certificate. */
  private void awaitShown(Credential credential) throws Exception {
    Await.until("the new certificate is used", () -> credential.certificate().equals(shown()));
  }

  /** What the server shows to a client whose certificate may be of no CA of its any more. */
  private @Nullable X509Certificate shown() throws Exception {
    TrustAll trust = new TrustAll();
    try (SSLSocket socket =
        (SSLSocket)
            context(envoy, trust)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.startHandshake();
    } catch (IOException e) {
      // The server may end the connection while the client still writes its part of the handshake.
    }
    return trust.shown;
  }

  /** A client that trusts anybody. */
  private static SSLContext context(Credential own, TrustAll trust) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry("own", own.key(), new char[0], new Certificate[] {own.certificate()});
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), new TrustManager[] {trust}, null);
    return context;
  }

  private Credential stranger(String dnsName) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        ca.credential().certificate(),
                        BigInteger.TEN,
                        Date.from(now.minusSeconds(60)),
                        Date.from(now.plusSeconds(3600)),
                        new X500Name("CN=isoline-envoy"),
                        pair.getPublic())
                    .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName)))
                    .build(
                        new JcaContentSignerBuilder("SHA256withECDSA")
                            .build(ca.credential().key())));
    return new Credential(certificate, pair.getPrivate());
  }

  private ManagedChannel channel(Credential own, CertificateAuthority trusted) throws IOException {
    // As Envoy does, it shows its certificate whatever the server says of CAs that it likes.
    AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    keys.updateIdentityCredentials(new X509Certificate[] {own.certificate()}, own.key());
    return channel(
        TlsChannelCredentials.newBuilder()
            .keyManager(keys)
            .trustManager(stream(pem(trusted)))
            .build());
  }

  private ManagedChannel channel(ChannelCredentials credentials) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.port(), credentials)
            .overrideAuthority(PeerRole.REPLICA.dnsName())
            .build();
    channels.add(channel);
    return channel;
  }

  private static String pem(CertificateAuthority authority) {
    return authority.credential().certificatePem();
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static Received<DeltaDiscoveryResponse> subscribe(ManagedChannel channel) {
    Received<DeltaDiscoveryResponse> responses = new Received<>();
    StreamObserver<DeltaDiscoveryRequest> requests =
        AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(responses);
    responses.acknowledge(requests);
    requests.onNext(DeltaDiscoveryRequest.newBuilder().setTypeUrl(CLUSTER.typeUrl()).build());
    return responses;
  }

  private static void assertGetsNothing(ManagedChannel channel, Status.Code code)
      throws InterruptedException {
    Received<DeltaDiscoveryResponse> responses = subscribe(channel);
    assertEquals(code, responses.failure().getCode());
    assertTrue(responses.messages.isEmpty());
  }

  private static Status.Code code(ManagedChannel channel, MethodDescriptor<String, String> method) {
    return assertThrows(
            StatusRuntimeException.class,
            () -> ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, "it"))
        .getStatus()
        .getCode();
  }

  private void assertWarned(String words) throws InterruptedException {
    String warning = warning();
    assertTrue(warning.contains(words), warning);
  }

  private String warning() throws InterruptedException {
    String line = log.poll(60, TimeUnit.SECONDS);
    return line == null ? "nothing within 10 s" : line;
  }

  private void apply(String version) throws Exception {
    engine
        .submit(
            () -> {
              store.apply(List.of(dnsCluster("a", version)), Set.of());
              store.markLoaded();
            })
        .get(60, TimeUnit.SECONDS);
  }

  private static final class Received<T> implements StreamObserver<T> {
    private final BlockingQueue<T> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
    private volatile @Nullable StreamObserver<DeltaDiscoveryRequest> requests;

    void acknowledge(StreamObserver<DeltaDiscoveryRequest> value) {
      requests = value;
    }

    @Override
    public void onNext(T message) {
      StreamObserver<DeltaDiscoveryRequest> answers = requests;
      if (answers != null && message instanceof DeltaDiscoveryResponse response) {
        answers.onNext(
            DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce())
                .build());
      }
      messages.add(message);
    }

    @Override
    public void onError(Throwable failure) {
      ends.add(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      ends.add(Status.OK);
    }

    T next() throws InterruptedException {
      T message = messages.poll(60, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no response within 10 s; the stream's end: " + ends);
      }
      return message;
    }

    Status failure() throws InterruptedException {
      Status end = ends.poll(60, TimeUnit.SECONDS);
      if (end == null) {
        throw new AssertionError("the stream did not end within 10 s: " + messages);
      }
      return end;
    }
  }

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
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class TrustAll implements X509TrustManager {

    private @Nullable X509Certificate shown;

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      shown = chain[0];
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
