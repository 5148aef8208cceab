package io.isoline.controlplane.config;

import com.google.protobuf.ByteString;
import io.isoline.translator.tls.ServerCertificate;
import io.isoline.translator.tls.ServerCertificate.Invalid;
import io.isoline.translator.tls.ServerCertificate.Valid;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate for hosts that have none of their own. */
public final class DefaultCertificate {

  /** Its subject's common name. */
  public static final String NAME = "Isoline default certificate";

  /** A certificate in a state directory with less than this left is made anew. */
  public static final Duration RENEW_BEFORE = Duration.ofDays(30);

  private static final Logger LOG = LoggerFactory.getLogger(DefaultCertificate.class);
  private static final Duration LIFETIME = Duration.ofDays(365);
  // Clients whose clock is slow shall accept it as well.
  private static final Duration BACKDATED = Duration.ofHours(1);
  private static final String FILE = "default-certificate.pem";
  private static final long MAX_BYTES = 1 << 20;

  private DefaultCertificate() {}

  /**
   * Makes a self-signed certificate for a year, with a new ECDSA key on P-256. It is for no host
   * that exists (RFC 6761, 6.4).
   */
  public static Valid create(Instant now) {
    ByteString pem;
    try {
      pem = selfSigned(now.truncatedTo(ChronoUnit.SECONDS));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("The Java runtime lacks ECDSA on P-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return switch (ServerCertificate.read(pem, FILE, pem, FILE, now)) {
      case Valid valid -> valid;
      case Invalid invalid -> throw new IllegalStateException(invalid.message());
    };
  }

  /**
   * The certificate that an earlier run left in the directory, or a new one that is left there: so
   * that those who trust it by hand need not do so after each start.
   *
   * <p>The file can be read by its owner only and appears whole or not at all. When two processes
   * do this at once, both results work, and the last one stays.
   *
   * @param stateDirectory is made when it does not exist
   * @throws IOException when the file cannot be read or written
   */
  public static Valid loadOrCreate(Path stateDirectory, Instant now) throws IOException {
    Path file = stateDirectory.resolve(FILE);
    if (Files.exists(file)) {
      ByteString pem = bytes(file);
      switch (ServerCertificate.read(pem, FILE, pem, FILE, now)) {
        case Valid valid when valid.notAfter().isAfter(now.plus(RENEW_BEFORE)) -> {
          return valid;
        }
        case Valid valid -> LOG.info("Renewing {}, which expires on {}", file, valid.notAfter());
        case Invalid invalid -> LOG.warn("Replacing {}: {}", file, invalid.message());
      }
    }
    Valid created = create(now);
    Files.createDirectories(stateDirectory);
    write(file, created.key().concat(created.chain()));
    return created;
  }

  /**
   * The operator's own certificate.
   *
   * @param certificate a file with the chain in PEM, the server's certificate first
   * @param key a file with its private key in PEM; may be the same file
   * @return what is in the files, or why they cannot be used; an unreadable file is an {@link
   *     Invalid} too
   */
  public static ServerCertificate load(Path certificate, Path key, Instant now) {
    Path file = certificate;
    try {
      ByteString chain = bytes(certificate);
      file = key;
      return ServerCertificate.read(chain, certificate.toString(), bytes(key), key.toString(), now);
    } catch (IOException e) {
      String why =
          switch (e) {
            case NoSuchFileException missing -> "does not exist";
            case AccessDeniedException denied -> "cannot be read: permission denied";
            default -> "cannot be read: " + e.getMessage();
          };
      return new Invalid(file + " " + why, "name a file with PEM that this user can read", null);
    }
  }

  private static ByteString bytes(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a directory");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("it is longer than 1 MiB");
    }
    return ByteString.copyFrom(Files.readAllBytes(file));
  }

  private static void write(Path file, ByteString content) throws IOException {
    // A new temporary file has these permissions from its first moment.
    Path temporary =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            FILE,
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = content.asReadOnlyByteBuffer();
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** The key and the certificate in PEM. */
  private static ByteString selfSigned(Instant now)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair();
    X500Name name = new X500Name("CN=" + NAME);
    X509CertificateHolder certificate =
        new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(127, new SecureRandom()).setBit(126),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(LIFETIME)),
                name,
                keys.getPublic())
            .addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, "isoline.invalid")))
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
            .addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject("PRIVATE KEY", keys.getPrivate().getEncoded()));
      writer.writeObject(new PemObject("CERTIFICATE", certificate.getEncoded()));
    }
    return ByteString.copyFromUtf8(text.toString());
  }
}
