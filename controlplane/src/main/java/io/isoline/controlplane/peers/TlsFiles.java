package io.isoline.controlplane.peers;

import com.google.protobuf.ByteString;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * The files of one side of a mutual TLS connection, all in PEM.
 *
 * @param certificate the own certificate, then its intermediates
 * @param key the key of the own certificate
 * @param authorities the CA certificates that the other side's certificate must lead to; several
 *     while a CA is replaced
 */
public record TlsFiles(Path certificate, Path key, Path authorities) {
  private static final int MAX_BYTES = 1 << 20;

  /** The files cannot be used. The message names the file and says what is wrong with it. */
  public static final class Unusable extends Exception {
    Unusable(String message) {
      super(message);
    }

    Unusable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** What is in the files, unread. Equal contents are equal. */
  record Contents(ByteString certificate, ByteString key, ByteString authorities) {}

  /** What is in the files, checked: the key belongs to the certificate, and neither is expired. */
  record Material(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {}

  Contents contents() throws Unusable {
    return new Contents(bytes(certificate), bytes(key), bytes(authorities));
  }

  Material read(Contents contents, Instant now) throws Unusable {
    ServerCertificate own =
        ServerCertificate.read(
            contents.certificate(), certificate.toString(), contents.key(), key.toString(), now);
    if (own instanceof ServerCertificate.Invalid invalid) {
      throw new Unusable(invalid.message());
    }
    if (own instanceof ServerCertificate.Valid valid && !valid.covers(PeerRole.REPLICA.dnsName())) {
      throw new Unusable(
          "%s lacks the DNS name %s, by which Envoys know their control plane"
              .formatted(certificate, PeerRole.REPLICA.dnsName()));
    }
    return new Material(
        certificates(certificate, contents.certificate()),
        key(contents.key()),
        certificates(authorities, contents.authorities()));
  }

  private static ByteString bytes(Path file) throws Unusable {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length > MAX_BYTES) {
        throw new Unusable(file + " is longer than 1 MiB");
      }
      return ByteString.copyFrom(bytes);
    } catch (NoSuchFileException e) {
      throw new Unusable(file + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new Unusable(file + " cannot be read: permission denied", e);
    } catch (IOException e) {
      throw new Unusable(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<X509Certificate> certificates(Path file, ByteString pem) throws Unusable {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      for (var certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(pem.newInput())) {
        certificates.add((X509Certificate) certificate);
      }
    } catch (GeneralSecurityException e) {
      throw new Unusable(file + " holds something that is not a certificate in PEM", e);
    }
    if (certificates.isEmpty()) {
      throw new Unusable(file + " holds no certificate in PEM");
    }
    return certificates;
  }

  private PrivateKey key(ByteString pem) throws Unusable {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try (PEMParser parser = new PEMParser(new StringReader(pem.toStringUtf8()))) {
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        if (object instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        }
        if (object instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
      }
    } catch (IOException e) {
      throw new Unusable(key + " holds a key that cannot be read", e);
    }
    throw new Unusable(key + " holds no private key in PEM");
  }
}
