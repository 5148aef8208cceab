package io.isoline.translator.tls;

import static io.isoline.translator.tls.TestCertificate.NOT_AFTER;
import static io.isoline.translator.tls.TestCertificate.NOT_BEFORE;
import static io.isoline.translator.tls.TestCertificate.NOW;
import static io.isoline.translator.tls.TestCertificate.ecdsa;
import static io.isoline.translator.tls.TestCertificate.rsa;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.tls.ServerCertificate.Invalid;
import io.isoline.translator.tls.ServerCertificate.KeyType;
import io.isoline.translator.tls.ServerCertificate.Valid;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerCertificateTest {

  private static final TestCertificate RSA = rsa(2048, "one").dns("www.example.com");
  private static final TestCertificate EC = ecdsa("secp256r1", "one").dns("www.example.com");

  private static Valid valid(String certificate, String key) {
    return assertInstanceOf(Valid.class, read(certificate, key));
  }

  private static String message(String certificate, String key) {
    return assertInstanceOf(Invalid.class, read(certificate, key)).message();
  }

  private static String message(TestCertificate certificate) {
    return message(certificate.pem(), certificate.pkcs8());
  }

  private static ServerCertificate read(String certificate, String key) {
    return ServerCertificate.read(TestCertificate.secret(certificate, key), NOW);
  }

  private static ServerCertificate read(
      @Nullable ByteString certificate, @Nullable ByteString key) {
    return ServerCertificate.read(
        SecretRecord.tls(ObjectRef.secret("default", "tls"), "Opaque", certificate, key), NOW);
  }

  @Test
  void read_rsaPair_isValid() {
    Valid valid = valid(RSA.pem(), RSA.pkcs8());

    assertEquals(KeyType.RSA, valid.type());
    assertEquals(NOT_BEFORE, valid.notBefore());
    assertEquals(NOT_AFTER, valid.notAfter());
    assertEquals(List.of("www.example.com"), valid.dnsNames());
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
  void read_ecdsaPair_isValid(String curve) {
    TestCertificate certificate = ecdsa(curve, "one");

    assertEquals(KeyType.ECDSA, valid(certificate.pem(), certificate.pkcs8()).type());
  }

  @Test
  void read_ed25519Pair_isValid() {
    TestCertificate certificate = TestCertificate.edwards("Ed25519", "one");

    assertEquals(KeyType.ED25519, valid(certificate.pem(), certificate.pkcs8()).type());
  }

  @Test
  void read_pkcs1Key_staysAsItIs() {
    assertEquals(RSA.traditional(), valid(RSA.pem(), RSA.traditional()).key().toStringUtf8());
  }

  @Test
  void read_sec1KeyWithoutPublicPart_staysAsItIs() {
    assertEquals(EC.traditional(), valid(EC.pem(), EC.traditional()).key().toStringUtf8());
  }

  @Test
  void read_ecParametersBeforeKey_areLeftOut() {
    String parameters =
        TestCertificate.pem("EC PARAMETERS", Base64.getDecoder().decode("BggqhkjOPQMBBw=="));

    Valid valid = valid(EC.pem(), parameters + EC.traditional());

    assertEquals(EC.traditional(), valid.key().toStringUtf8());
  }

  @Test
  void read_textAroundBlocks_isLeftOut() {
    String certificate = "Bag Attributes\n  x: y\n" + EC.pem() + "\nthe end\n";

    assertEquals(EC.pem(), valid(certificate, EC.pkcs8()).chain().toStringUtf8());
  }

  @Test
  void read_windowsLineEndsAndIndentation_areLeftOut() {
    String windows = EC.pem().replace("\n", "\r\n");
    String indented = EC.pkcs8().indent(4);

    Valid valid = valid(windows, indented);

    assertEquals(EC.pem(), valid.chain().toStringUtf8());
    assertEquals(EC.pkcs8(), valid.key().toStringUtf8());
  }

  @Test
  void read_keyInFrontOfCertificate_isLeftOut() {
    String both = EC.pkcs8() + EC.pem();

    Valid valid = valid(both, both);

    assertEquals(EC.pem(), valid.chain().toStringUtf8());
    assertEquals(EC.pkcs8(), valid.key().toStringUtf8());
  }

  @Test
  void read_chain_keepsItsOrder() {
    String chain = EC.pem() + RSA.pem() + TestCertificate.edwards("Ed25519", "one").pem();

    assertEquals(chain, valid(chain, EC.pkcs8()).chain().toStringUtf8());
  }

  @Test
  void read_missingData_namesTheKey() {
    ByteString something = EC.secret().certificate();

    assertEquals(
        "tls.crt is missing", assertInstanceOf(Invalid.class, read(null, something)).message());
    assertEquals(
        "tls.key is missing", assertInstanceOf(Invalid.class, read(something, null)).message());
  }

  @Test
  void read_emptyData_namesTheKey() {
    assertEquals("tls.crt is empty", message("", EC.pkcs8()));
    assertEquals("tls.key is empty", message(EC.pem(), ""));
  }

  @Test
  void read_der_isToldApart() {
    Invalid invalid =
        assertInstanceOf(
            Invalid.class, read(ByteString.copyFrom(EC.der()), EC.secret().privateKey()));

    assertEquals("tls.crt is in the binary form DER, not in PEM", invalid.message());
    assertTrue(invalid.fix().contains("-inform der"), invalid.fix());
  }

  @Test
  void read_pkcs12_isToldApart() {
    ByteString pfx = Der.encode(Der.SEQUENCE, ByteString.fromHex("0201033000"));

    assertEquals(
        "tls.crt is a PKCS#12 file, not PEM",
        assertInstanceOf(Invalid.class, read(pfx, EC.secret().privateKey())).message());
  }

  @Test
  void read_base64Twice_isToldApart() {
    String twice =
        Base64.getMimeEncoder().encodeToString(EC.pem().getBytes(StandardCharsets.UTF_8));

    assertEquals("tls.crt is encoded in Base64 twice", message(twice, EC.pkcs8()));
  }

  @Test
  void read_base64WithoutLines_isToldApart() {
    String bare = Base64.getEncoder().encodeToString(EC.der());

    assertEquals(
        "tls.crt is Base64 without the BEGIN and END lines of PEM", message(bare, EC.pkcs8()));
  }

  @Test
  void read_writtenLineBreaks_areToldApart() {
    String certificate = EC.pem().replace("\n", "\\n");

    assertEquals(
        "tls.crt has the two characters \\n where line breaks belong",
        message(certificate, EC.pkcs8()));
  }

  @Test
  void read_otherText_isNotPem() {
    assertEquals(
        "tls.crt is not PEM: it has no line that begins with -----BEGIN",
        message("hello world", EC.pkcs8()));
  }

  @Test
  void read_brokenBlock_namesItsLine() {
    assertEquals(
        "the CERTIFICATE block at line 2 of tls.crt is not valid Base64",
        message("\n" + EC.pem().replaceFirst("M", "?"), EC.pkcs8()));
  }

  @Test
  void read_blockCutOff_isRefused() {
    String cut = EC.pem().substring(0, 200);

    assertEquals(
        "the CERTIFICATE block at line 1 of tls.crt has no END line: it is cut off",
        message(cut, EC.pkcs8()));
    assertEquals(message(cut, EC.pkcs8()), message(cut + "\n" + EC.pem(), EC.pkcs8()));
  }

  @Test
  void read_emptyBlock_isRefused() {
    assertEquals(
        "the CERTIFICATE block at line 1 of tls.crt is empty",
        message("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", EC.pkcs8()));
  }

  @Test
  void read_endWithoutBegin_isRefused() {
    assertEquals(
        "tls.crt has an END line without its BEGIN line (line 3)",
        message("abc\ndef\n-----END CERTIFICATE-----\n" + EC.pem(), EC.pkcs8()));
  }

  @Test
  void read_beginsWithAnEnd_isRefused() {
    assertEquals(
        "tls.crt has an END line without its BEGIN line (line 1)",
        message("-----END CERTIFICATE-----\n" + EC.pem(), EC.pkcs8()));
  }

  @Test
  void read_lineBreakAfterBegin_isRefused() {
    assertEquals(
        "tls.crt has a broken BEGIN line (line 1)",
        message(EC.pem().replace("BEGIN ", "BEGIN \n"), EC.pkcs8()));
  }

  @Test
  void read_headersOfABlock_areLeftOut() {
    String headers = RSA.traditional().replaceFirst("-----\n", "-----\nProc-Type: 4,CLEAR\nX: y\n\n");

    assertEquals(RSA.traditional(), valid(RSA.pem(), headers).key().toStringUtf8());
  }

  @Test
  void read_nothingButAHeader_isRefused() {
    assertEquals(
        "the RSA PRIVATE KEY block at line 1 of tls.key is not valid Base64",
        message(RSA.pem(), "-----BEGIN RSA PRIVATE KEY-----\na: b-----END RSA PRIVATE KEY-----"));
  }

  @Test
  void read_swapped_saysSo() {
    assertEquals(
        "the certificate is in tls.key and the private key in tls.crt: they are swapped",
        message(EC.pkcs8(), EC.pem()));
  }

  @Test
  void read_twoCertificates_lacksAKey() {
    assertEquals("tls.key holds a certificate, not a private key", message(EC.pem(), EC.pem()));
  }

  @Test
  void read_twoKeys_lacksACertificate() {
    assertEquals("tls.crt holds a private key, not a certificate", message(EC.pkcs8(), EC.pkcs8()));
  }

  @Test
  void read_certificateRequest_isToldApart() {
    String request = EC.pem().replace("CERTIFICATE", "CERTIFICATE REQUEST");

    assertEquals(
        "tls.crt holds a request for a certificate, not a certificate",
        message(request, EC.pkcs8()));
  }

  @Test
  void read_encryptedKey_isRefused() {
    String modern = EC.pkcs8().replace("PRIVATE", "ENCRYPTED PRIVATE");
    String old =
        RSA.traditional()
            .replaceFirst(
                "-----\n", "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,ABCD\n\n");

    assertEquals(
        "the private key in tls.key is encrypted with a password", message(EC.pem(), modern));
    assertEquals(
        "the private key in tls.key is encrypted with a password", message(RSA.pem(), old));
  }

  @Test
  void read_openSshKey_isRefused() {
    String key =
        TestCertificate.pem(
            "OPENSSH PRIVATE KEY", "openssh-key-v1".getBytes(StandardCharsets.UTF_8));

    assertEquals("the private key in tls.key is in the form of OpenSSH", message(EC.pem(), key));
  }

  @Test
  void read_damagedKey_isRefused() {
    byte[] der = EC.privateKey().getEncoded();
    der[0] = 0;

    assertEquals(
        "the private key in tls.key cannot be read: its content is damaged",
        message(EC.pem(), TestCertificate.pem("PRIVATE KEY", der)));
  }

  @Test
  void read_keyOfAnotherCertificate_isRefused() {
    String expected = "the private key in tls.key does not belong to the certificate in tls.crt";

    assertEquals(expected, message(EC.pem(), ecdsa("secp256r1", "two").pkcs8()));
    assertEquals(expected, message(RSA.pem(), rsa(2048, "two").pkcs8()));
    assertEquals(expected, message(RSA.pem(), EC.pkcs8()));
    assertEquals(expected, message(EC.pem(), RSA.pkcs8()));
    assertEquals(
        expected,
        message(
            TestCertificate.edwards("Ed25519", "one").pem(),
            TestCertificate.edwards("Ed25519", "two").pkcs8()));
  }

  @Test
  void read_sec1KeyWithAPublicPart_isRefusedWhereThatIsOfAnotherKey() {
    TestCertificate other = ecdsa("secp256r1", "two");

    valid(EC.pem(), EC.traditionalWithPublicKeyOf(EC));
    assertEquals(
        "the private key in tls.key does not belong to the certificate in tls.crt",
        message(EC.pem(), EC.traditionalWithPublicKeyOf(other)));
  }

  @Test
  void read_ecNumberOutOfRange_isRefused() throws Exception {
    ECParameterSpec curve = ((ECPublicKey) EC.publicKey()).getParams();
    KeyFactory keys = KeyFactory.getInstance("EC");
    // The number 1 has the generator as its point, and so has 1 more than the order.
    TestCertificate certificate =
        TestCertificate.of(
            new KeyPair(
                keys.generatePublic(new ECPublicKeySpec(curve.getGenerator(), curve)),
                keys.generatePrivate(new ECPrivateKeySpec(BigInteger.ONE, curve))));
    valid(certificate.pem(), certificate.traditional());

    for (BigInteger number :
        List.of(BigInteger.ZERO, curve.getOrder(), curve.getOrder().add(BigInteger.ONE))) {
      byte[] key =
          new ECPrivateKey(256, number, new ASN1ObjectIdentifier("1.2.840.10045.3.1.7"))
              .getEncoded();
      message(certificate.pem(), TestCertificate.pem("EC PRIVATE KEY", key));
    }
  }

  @Test
  void read_rsaKeyThatContradictsItself_isRefused() {
    byte[] der = RSA.traditionalDer();
    der[der.length - 2] ^= 1;

    assertEquals(
        "the private key in tls.key does not belong to the certificate in tls.crt",
        message(RSA.pem(), TestCertificate.pem("RSA PRIVATE KEY", der)));
  }

  @Test
  void read_leafNotFirst_saysWhichItIs() {
    assertEquals(
        "the private key in tls.key belongs to certificate 2 in tls.crt; the server's own must be"
            + " first",
        message(RSA.pem() + EC.pem(), EC.pkcs8()));
  }

  @Test
  void read_brokenIntermediate_saysWhichItIs() {
    byte[] der = RSA.der();
    der[10] ^= 0x55;

    assertEquals(
        "certificate 2 in tls.crt cannot be read: its content is damaged",
        message(EC.pem() + TestCertificate.pem("CERTIFICATE", der), EC.pkcs8()));
  }

  @Test
  void read_bytesAfterCertificate_areRefused() {
    byte[] der = Arrays.copyOf(EC.der(), EC.der().length + 3);

    assertEquals(
        "certificate 1 in tls.crt cannot be read: its content is damaged",
        message(TestCertificate.pem("CERTIFICATE", der), EC.pkcs8()));
  }

  @Test
  void read_shortRsaKey_isRefused() {
    assertEquals(
        "the key of the certificate in tls.crt is an RSA key of 1024 bits; Envoy refuses those"
            + " below 2048",
        message(rsa(1024, "one")));
  }

  @Test
  void read_unsupportedKeyType_namesIt() {
    String message = message(TestCertificate.edwards("Ed448", "one"));

    assertTrue(message.contains("is an Ed448 key, which Envoy does not serve with"), message);
  }

  @Test
  void read_unsupportedCurve_namesIt() {
    byte[] secp256k1 = EC.privateKey().getEncoded();
    // The curve's identifier in AlgorithmIdentifier, made another one of the same length.
    String hex = HexFormat.of().formatHex(secp256k1);
    byte[] other = HexFormat.of().parseHex(hex.replace("2a8648ce3d030107", "2a8648ce3d030101"));

    assertEquals(
        "the private key in tls.key is an ECDSA key on an unknown curve, which Envoy does not serve"
            + " with",
        message(EC.pem(), TestCertificate.pem("PRIVATE KEY", other)));
  }

  @Test
  void read_certificateOnAnUnsupportedCurve_isNamedWhereItIsTheFirst() {
    String hex = HexFormat.of().formatHex(EC.der());
    String other =
        TestCertificate.pem(
            "CERTIFICATE",
            HexFormat.of().parseHex(hex.replace("2a8648ce3d030107", "2a8648ce3d030101")));

    assertEquals(
        "the key of the certificate in tls.crt is an ECDSA key on an unknown curve, which Envoy"
            + " does not serve with",
        message(other, EC.pkcs8()));
    assertEquals(
        "certificate 2 in tls.crt cannot be read: its content is damaged",
        message(EC.pem() + other, EC.pkcs8()));
  }

  @Test
  void read_certificateThatLacksParts_isRefused() {
    Der certificate = Objects.requireNonNull(Der.whole(ByteString.copyFrom(EC.der())));
    List<Der> parts = certificate.children().getFirst().children();
    for (int i = 0; i < 7; i++) {
      ByteString[] first =
          parts.stream().limit(i).map(Der::encoded).toArray(ByteString[]::new);
      ByteString cut =
          Der.encode(
              Der.SEQUENCE,
              Der.encode(Der.SEQUENCE, first),
              certificate.children().get(1).encoded(),
              certificate.children().get(2).encoded());

      assertEquals(
          "certificate 1 in tls.crt cannot be read: its content is damaged",
          message(TestCertificate.pem("CERTIFICATE", cut.toByteArray()), EC.pkcs8()));
    }
  }

  @Test
  void read_ecdsaWithoutDigitalSignature_isRefused() {
    TestCertificate agreement =
        EC.extension(Extension.keyUsage.getId(), true, new KeyUsage(KeyUsage.keyAgreement));
    TestCertificate rsa =
        RSA.extension(Extension.keyUsage.getId(), true, new KeyUsage(KeyUsage.keyEncipherment));

    assertTrue(message(agreement).contains("lacks digitalSignature"), message(agreement));
    valid(rsa.pem(), rsa.pkcs8());
  }

  @Test
  void read_ecdsaWithDigitalSignature_isValid() {
    TestCertificate signing =
        EC.extension(Extension.keyUsage.getId(), true, new KeyUsage(KeyUsage.digitalSignature));

    valid(signing.pem(), signing.pkcs8());
  }

  @Test
  void read_mustStaple_isRefused() {
    TestCertificate staple =
        EC.extension("1.3.6.1.5.5.7.1.24", false, new DERSequence(new ASN1Integer(5)));
    TestCertificate other =
        EC.extension("1.3.6.1.5.5.7.1.24", false, new DERSequence(new ASN1Integer(17)));

    assertTrue(message(staple).contains("must-staple"), message(staple));
    valid(other.pem(), other.pkcs8());
  }

  @Test
  void read_noName_isRefused() {
    TestCertificate nameless = ecdsa("secp256r1", "one").subject("O=only");
    TestCertificate email =
        nameless.extension(
            Extension.subjectAlternativeName.getId(),
            false,
            new GeneralNames(new GeneralName(GeneralName.rfc822Name, "a@example.com")));
    TestCertificate address =
        nameless.extension(
            Extension.subjectAlternativeName.getId(),
            false,
            new GeneralNames(new GeneralName(GeneralName.iPAddress, "192.0.2.1")));

    assertTrue(message(nameless).contains("has no name"), message(nameless));
    assertTrue(message(email).contains("has no name"), message(email));
    valid(address.pem(), address.pkcs8());
  }

  @Test
  void read_emptySubject_needsAName() {
    TestCertificate critical = ecdsa("secp256r1", "one").subject("").dns("a.example");
    TestCertificate plain = ecdsa("secp256r1", "one").dns("a.example").subject("");
    TestCertificate none = ecdsa("secp256r1", "one").subject("");

    assertEquals(List.of("a.example"), valid(critical.pem(), critical.pkcs8()).dnsNames());
    Valid served = valid(plain.pem(), plain.pkcs8());
    assertEquals(List.of("a.example"), served.dnsNames());
    assertTrue(message(none).contains("has no name"), message(none));
  }

  /** As {@code openssl req -x509 -subj /} makes them: who has no name issues for itself. */
  @Test
  void read_emptyIssuer_isServed() throws IOException {
    TestCertificate named = ecdsa("secp256r1", "one").dns("a.example").subject("");
    ASN1Sequence outer = ASN1Sequence.getInstance(named.der());
    ASN1Encodable[] inner = ASN1Sequence.getInstance(outer.getObjectAt(0)).toArray();
    inner[3] = new DERSequence();
    byte[] der =
        new DERSequence(
                new ASN1Encodable[] {
                  new DERSequence(inner), outer.getObjectAt(1), outer.getObjectAt(2)
                })
            .getEncoded();
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END CERTIFICATE-----\n";

    Valid served = valid(pem, named.pkcs8());
    assertEquals(List.of("a.example"), served.dnsNames());
    assertEquals(pem.strip(), served.chain().toStringUtf8().strip());
  }

  /** The copy that is read is not what is served. */
  @Test
  void read_emptySubject_keepsTheBytes() {
    TestCertificate plain = ecdsa("secp256r1", "one").dns("a.example").subject("");

    assertEquals(
        plain.pem().strip(), valid(plain.pem(), plain.pkcs8()).chain().toStringUtf8().strip());
  }

  @Test
  void read_unknownExtensions_areFine() {
    TestCertificate odd = EC.extension("1.2.3.4", true, DERNull.INSTANCE);

    valid(odd.pem(), odd.pkcs8());
  }

  @Test
  void read_beforeItsTime_saysWhenToReadAgain() {
    Instant early = NOT_BEFORE.minusMillis(1);

    Invalid invalid = assertInstanceOf(Invalid.class, ServerCertificate.read(EC.secret(), early));

    assertEquals(NOT_BEFORE, invalid.recheckAt());
    assertEquals(
        "the certificate in tls.crt is not valid before 2026-01-01T00:00:00Z", invalid.message());
    assertInstanceOf(Valid.class, ServerCertificate.read(EC.secret(), NOT_BEFORE));
  }

  @Test
  void read_inItsLastSecond_isValid() {
    Valid valid =
        assertInstanceOf(
            Valid.class, ServerCertificate.read(EC.secret(), NOT_AFTER.plusMillis(999)));
    Invalid expired =
        assertInstanceOf(Invalid.class, ServerCertificate.read(EC.secret(), valid.recheckAt()));

    assertEquals("the certificate in tls.crt expired on 2027-01-01T00:00:00Z", expired.message());
    assertNull(expired.recheckAt());
  }

  @Test
  void read_namedSources_appearInMessages() {
    Invalid invalid =
        assertInstanceOf(
            Invalid.class,
            ServerCertificate.read(
                ByteString.EMPTY, "/etc/my.crt", ByteString.EMPTY, "/etc/my.key", NOW));

    assertEquals("/etc/my.crt is empty", invalid.message());
  }

  @Test
  void toString_hidesTheKey() {
    Valid valid = valid(EC.pem(), EC.pkcs8());

    assertFalse(valid.toString().contains("PRIVATE"), valid.toString());
  }

  @Test
  void covers_exactName_withoutCaseAndTrailingDot() {
    TestCertificate certificate = ecdsa("secp256r1", "one").dns("WWW.Example.com");
    Valid valid = valid(certificate.pem(), certificate.pkcs8());

    assertTrue(valid.covers("www.example.com"));
    assertTrue(valid.covers("wWw.eXample.com."));
    assertFalse(valid.covers("example.com"));
    assertFalse(valid.covers("a.www.example.com"));
  }

  @Test
  void covers_wildcard_standsForOneLabel() {
    TestCertificate certificate = ecdsa("secp256r1", "one").dns("*.example.com");
    Valid valid = valid(certificate.pem(), certificate.pkcs8());

    assertTrue(valid.covers("a.example.com"));
    assertTrue(valid.covers("*.example.com"));
    assertFalse(valid.covers("example.com"));
    assertFalse(valid.covers(".example.com"));
    assertFalse(valid.covers("a.b.example.com"));
    assertFalse(valid.covers("*.a.example.com"));
  }

  @Test
  void covers_commonName_doesNotCount() {
    TestCertificate certificate = ecdsa("secp256r1", "one").subject("CN=www.example.com");

    assertFalse(valid(certificate.pem(), certificate.pkcs8()).covers("www.example.com"));
  }

  @Test
  void read_rsaExponentOf34Bits_isRefused() throws Exception {
    TestCertificate certificate = exponent(BigInteger.TWO.pow(33).add(BigInteger.ONE));

    assertTrue(message(certificate).contains("exponent"), message(certificate));
  }

  @Test
  void read_rsaExponentOf33Bits_isValid() throws Exception {
    TestCertificate certificate = exponent(BigInteger.TWO.pow(32).add(BigInteger.ONE));

    valid(certificate.pem(), certificate.pkcs8());
  }

  private static TestCertificate exponent(BigInteger exponent) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(new RSAKeyGenParameterSpec(2048, exponent));
    return TestCertificate.of(generator.generateKeyPair());
  }

  @Test
  void isLike_renewedForTheSameNames_isLike() {
    Valid before = valid(EC.pem(), EC.pkcs8());
    TestCertificate renewed = ecdsa("secp256r1", "two").dns("www.example.com");

    assertTrue(before.isLike(valid(renewed.pem(), renewed.pkcs8())));
    assertFalse(before.isLike(valid(RSA.pem(), RSA.pkcs8())));
    TestCertificate other = ecdsa("secp256r1", "one").dns("www.example.org");
    assertFalse(before.isLike(valid(other.pem(), other.pkcs8())));
  }

  @Test
  void isLike_invalid_isByWhatIsSaid() {
    Invalid invalid = new Invalid("it is bad", "mend it", null);

    assertTrue(invalid.isLike(new Invalid("it is bad", "mend it", NOW)));
    assertFalse(invalid.isLike(new Invalid("it is worse", "mend it", null)));
    assertFalse(invalid.isLike(new Invalid("it is bad", "buy another", null)));
    assertFalse(invalid.isLike(valid(EC.pem(), EC.pkcs8())));
    assertFalse(valid(EC.pem(), EC.pkcs8()).isLike(invalid));
  }
}
