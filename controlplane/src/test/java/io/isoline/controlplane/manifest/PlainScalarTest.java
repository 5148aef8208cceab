package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.isoline.controlplane.manifest.YamlValue.Scalar.Kind;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected values are those of sigs.k8s.io/yaml. */
class PlainScalarTest {

  @ParameterizedTest
  @CsvSource({
    "80,80", "0120,80", "0o17,15", "0O17,15", "0x1F90,8080", "0b1010000,80", "1_000,1000",
    "0_120,80", "+80,80", "-80,-80", "-0120,-80", "0,0", "00,0", "0x_50,80"
  })
  void wholeNumber_hasTheValueThatKubectlReads(String text, String value) {
    assertEquals(Kind.INTEGER, PlainScalar.kind(text));
    assertEquals(new BigInteger(value), PlainScalar.integer(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"080", "09", "1.5", ".5", "1.", "1e3", "+.5", "-1.5E-3", ".inf", ".NaN"})
  void fraction_isOne(String text) {
    assertEquals(Kind.FLOAT, PlainScalar.kind(text));
    assertNull(PlainScalar.integer(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1:30", "190:20:30", "0x", "0b2", "0o8", "1-2", "_1", "-", "+", ".", "1.2.3", "2026-11-30",
        "0xg", "12a", "tRue", "yEs", "nan", "٣", "${PORT}", "=", "<<"
      })
  void anythingElse_isText(String text) {
    assertEquals(Kind.STRING, PlainScalar.kind(text));
  }

  @ParameterizedTest
  @CsvSource({"y,true", "Yes,true", "ON,true", "true,true", "n,false", "NO,false", "off,false"})
  void wordOfYaml11_isABoolean(String text, boolean value) {
    assertEquals(Kind.BOOLEAN, PlainScalar.kind(text));
    assertEquals(value, PlainScalar.asBoolean(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "~", "null", "Null", "NULL"})
  void nothing_isNull(String text) {
    assertEquals(Kind.NULL, PlainScalar.kind(text));
  }

  @Test
  void port_inOctal_isTheOneOfACluster() {
    var manifests =
        Reading.of(Reading.service("a", 80).replace("port: 80", "port: 0120"));
    assertEquals(
        80,
        ((io.isoline.translator.kube.ServiceRecord) manifests.objects().getFirst().projection())
            .ports()
            .getFirst()
            .number());
  }

  @Test
  void port_withALeadingZeroAndAnEight_isDecimal() {
    var manifests =
        Reading.of(Reading.service("a", 80).replace("port: 80", "port: 080"));
    assertEquals(
        80,
        ((io.isoline.translator.kube.ServiceRecord) manifests.objects().getFirst().projection())
            .ports()
            .getFirst()
            .number());
  }
}
