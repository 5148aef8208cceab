package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Secret;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretValuesTest {

  private static Manifests secret(String rest) {
    return Reading.of(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: cert}\ntype: kubernetes.io/tls\n" + rest);
  }

  @Test
  void stringData_liesOverData() {
    var manifests = secret("data: {a: eA==, b: eQ==}\nstringData: {b: \"new\", c: \"\"}\n");
    var model = (Secret) manifests.objects().getFirst().model();
    assertEquals(Map.of("a", "eA==", "b", "bmV3", "c", ""), model.getData());
    assertEquals(List.of(), manifests.verdicts());
  }

  @Test
  void data_wrappedInABlock_isRead() {
    var manifests = secret("data:\n  a: |\n    eHh4eHh4\n    eHg=\n");
    var model = (Secret) manifests.objects().getFirst().model();
    assertEquals("eHh4eHh4eHg=", model.getData().get("a"));
  }

  @ParameterizedTest
  @CsvSource({
    "hunter2!,encode it",
    "'eHh4 eHh4',one line",
    "eHh4eHg,encode it",
    "'-----BEGIN PRIVATE KEY-----',stringData",
    "'a-_b',base64 -w0",
  })
  void data_thatIsNotBase64_refusedWithoutShowingTheValue(String value, String fix) {
    var manifests = secret("data:\n  tls.key: \"" + value + "\"\n");
    Verdict verdict = Reading.only(manifests, Reason.InvalidValue);
    assertEquals("data[tls.key]", verdict.field());
    assertEquals("6:12", Reading.at(manifests, verdict));
    assertTrue(verdict.message().contains("`tls.key` is not Base64"), verdict.message());
    assertTrue(verdict.fix().contains(fix), verdict.fix());
    assertFalse(verdict.toString().contains(value));
    assertEquals(List.of(), manifests.objects());
  }

  @Test
  void wrongType_doesNotShowTheValue() {
    var manifests = secret("stringData: {pin: 4711}\n");
    Verdict verdict = Reading.only(manifests, Reason.InvalidValue);
    assertEquals("stringData[pin]", verdict.field());
    assertFalse(verdict.toString().contains("4711"), verdict.toString());
  }

  @Test
  void texts_ofReadObjects_doNotShowValues() {
    var manifests = secret("stringData: {pin: geheim}\n");
    assertFalse(manifests.toString().contains("geheim"));
  }
}
