package io.isoline.controlplane.stream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.isoline.translator.Resource;
import java.util.UUID;

/**
 * Writes a Secret in other bytes, with the same certificate.
 *
 * <p>Envoy keeps a hash of the last Secret of a name that it got, whether or not a TLS context could
 * be made of it, and acknowledges the same bytes without another look. So a certificate that was
 * refused would pass when it comes a second time, and nobody would learn that it is not in use. A
 * line of text after the certificates changes the hash and nothing else.
 *
 * @see <a href="https://github.com/envoyproxy/envoy/blob/v1.40.0/source/common/secret/sds_api.cc">
 *     SdsApi::onConfigUpdate</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468#section-2">RFC 7468, 2: text outside of the
 *     boundaries is not looked at</a>
 */
final class SecretBytes {
  private SecretBytes() {}

  /**
   * Writes a Secret in bytes that no client has had before; one without certificates stays
   * as it is.
   */
  static Resource renewed(Resource resource) {
    Secret secret = parse(resource);
    if (secret.getValidationContext().getTrustedCa().hasInlineBytes()) {
      Secret.Builder renewed = secret.toBuilder();
      DataSource.Builder authorities = renewed.getValidationContextBuilder().getTrustedCaBuilder();
      authorities.setInlineBytes(authorities.getInlineBytes().concat(line()));
      return packed(resource, resource.name(), renewed);
    }
    if (!secret.getTlsCertificate().getCertificateChain().hasInlineBytes()) {
      return resource;
    }
    Secret.Builder renewed = secret.toBuilder();
    DataSource.Builder chain = renewed.getTlsCertificateBuilder().getCertificateChainBuilder();
    chain.setInlineBytes(chain.getInlineBytes().concat(line()));
    return packed(resource, resource.name(), renewed);
  }

  private static ByteString line() {
    return ByteString.copyFromUtf8("\n# sent again " + UUID.randomUUID() + "\n");
  }

  private static Resource packed(Resource resource, String name, Secret.Builder secret) {
    return new Resource(
        resource.type(), name, resource.version(), Any.pack(secret.setName(name).build()));
  }

  /** Writes the same Secret under another name. */
  static Resource named(Resource resource, String name) {
    return packed(resource, name, parse(resource).toBuilder());
  }

  /** Whether it says who may issue certificates of clients, and is none itself. */
  static boolean isOfAuthorities(Resource resource) {
    return parse(resource).hasValidationContext();
  }

  /** The same with nobody who may issue any, so that none passes. */
  static Resource withoutAuthorities(Resource resource) {
    return packed(
        resource,
        resource.name(),
        Secret.newBuilder()
            .setValidationContext(CertificateValidationContext.getDefaultInstance()));
  }

  private static Secret parse(Resource resource) {
    try {
      return resource.body().unpack(Secret.class);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(resource + " is not a Secret", e);
    }
  }
}
