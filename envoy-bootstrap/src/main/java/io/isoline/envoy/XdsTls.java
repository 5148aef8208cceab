package io.isoline.envoy;

import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.WatchedDirectory;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an Envoy proves itself to its control plane, and knows it: mutual TLS 1.3, from files that
 * may change.
 *
 * <p>Envoy reads files anew only for secrets that come by SDS. So the bootstrap names two small
 * files of secrets ({@link #secretFiles}), which name the certificate's files, and Envoy watches
 * the directories of those: that is where the links of a Secret volume are replaced.
 *
 * @param certificate of this Envoy, then its intermediates, in PEM
 * @param key of the certificate, in PEM and in the same directory
 * @param authorities the CA certificates that the control plane's certificate must lead to, in PEM
 * @param directory where Envoy finds the files of secrets
 */
public record XdsTls(Path certificate, Path key, Path authorities, Path directory) {

  /** The DNS name in the control plane's certificate, whatever its address is. */
  public static final String SERVER_NAME = "isoline";

  private static final String CERTIFICATE = "xds-certificate";
  private static final String AUTHORITIES = "xds-ca";

  public XdsTls {
    certificate = certificate.toAbsolutePath().normalize();
    key = key.toAbsolutePath().normalize();
    authorities = authorities.toAbsolutePath().normalize();
    directory = directory.toAbsolutePath().normalize();
    if (!parent(certificate).equals(parent(key))) {
      throw new IllegalArgumentException(
          ("the certificate %s and its key %s are not in the same directory, so that they cannot"
                  + " be replaced together")
              .formatted(certificate, key));
    }
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("\"" + file + "\" is not a file");
    }
    return parent;
  }

  /** The files of secrets that have to be in {@link #directory}: YAML by name. */
  public Map<String, String> secretFiles() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        CERTIFICATE + ".yaml",
        BootstrapText.yaml(
            BootstrapText.discoveryResponse(
                Secret.newBuilder()
                    .setName(CERTIFICATE)
                    .setTlsCertificate(
                        TlsCertificate.newBuilder()
                            .setCertificateChain(file(certificate))
                            .setPrivateKey(file(key))
                            .setWatchedDirectory(watched(certificate)))
                    .build())));
    files.put(
        AUTHORITIES + ".yaml",
        BootstrapText.yaml(
            BootstrapText.discoveryResponse(
                Secret.newBuilder()
                    .setName(AUTHORITIES)
                    .setValidationContext(
                        CertificateValidationContext.newBuilder()
                            .setTrustedCa(file(authorities))
                            .setWatchedDirectory(watched(authorities)))
                    .build())));
    return files;
  }

  UpstreamTlsContext context() {
    UpstreamTlsContext.Builder context = UpstreamTlsContext.newBuilder().setSni(SERVER_NAME);
    CommonTlsContext.Builder common = context.getCommonTlsContextBuilder();
    common
        .addAlpnProtocols("h2")
        .setTlsParams(
            TlsParameters.newBuilder()
                .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3)
                .setTlsMaximumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3))
        .addTlsCertificateSdsSecretConfigs(secret(CERTIFICATE));
    common
        .getCombinedValidationContextBuilder()
        .setValidationContextSdsSecretConfig(secret(AUTHORITIES))
        .getDefaultValidationContextBuilder()
        .addMatchTypedSubjectAltNamesBuilder()
        .setSanType(SubjectAltNameMatcher.SanType.DNS)
        .getMatcherBuilder()
        .setExact(SERVER_NAME);
    return context.build();
  }

  private SdsSecretConfig secret(String name) {
    ConfigSource.Builder source = ConfigSource.newBuilder().setResourceApiVersion(ApiVersion.V3);
    source.getPathConfigSourceBuilder().setPath(directory.resolve(name + ".yaml").toString());
    return SdsSecretConfig.newBuilder().setName(name).setSdsConfig(source).build();
  }

  private static DataSource file(Path path) {
    return DataSource.newBuilder().setFilename(path.toString()).build();
  }

  private static WatchedDirectory watched(Path file) {
    return WatchedDirectory.newBuilder().setPath(parent(file).toString()).build();
  }
}
