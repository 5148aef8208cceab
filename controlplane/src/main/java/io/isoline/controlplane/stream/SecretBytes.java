package io.isoline.controlplane.stream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
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
   * Writes a Secret in bytes that no client has had before; one without a certificate chain stays
   * as it is.
   */
  static Resource renewed(Resource resource) {
    Secret secret = parse(resource);
    if (!secret.getTlsCertificate().getCertificateChain().hasInlineBytes()) {
      return resource;
    }
    Secret.Builder renewed = secret.toBuilder();
    renewed
        .getTlsCertificateBuilder()
        .getCertificateChainBuilder()
        .setInlineBytes(
            secret
                .getTlsCertificate()
                .getCertificateChain()
                .getInlineBytes()
                .concat(ByteString.copyFromUtf8("\n# sent again " + UUID.randomUUID() + "\n")));
    return new Resource(
        resource.type(), resource.name(), resource.version(), Any.pack(renewed.build()));
  }

  /** Writes the same Secret under another name. */
  static Resource named(Resource resource, String name) {
    Secret named = parse(resource).toBuilder().setName(name).build();
    return new Resource(resource.type(), name, resource.version(), Any.pack(named));
  }

  private static Secret parse(Resource resource) {
    try {
      return resource.body().unpack(Secret.class);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(resource + " is not a Secret", e);
    }
  }
}
