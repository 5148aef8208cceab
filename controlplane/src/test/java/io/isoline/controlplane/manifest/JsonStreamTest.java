package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonStreamTest {

  private static String service(String name) {
    return """
    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "%s", "annotations": {"a": "}\\"{"}}}"""
        .formatted(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "", " ", "\r\n\r\n", "\n---\n", "\uFEFF", "\n\uFEFF", "\t\n"})
  void objects_oneAfterTheOther_areRead(String between) {
    var manifests = Reading.of(service("a") + between + service("b") + between + service("c"));
    assertEquals(
        List.of("Service default/a", "Service default/b", "Service default/c"),
        Reading.names(manifests));
    assertEquals(List.of(), manifests.verdicts());
  }

  @Test
  void lists_oneAfterTheOther_areRead() {
    String list = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [%s]}";
    var manifests = Reading.of(list.formatted(service("a")) + list.formatted(service("b")));
    assertEquals(List.of("Service default/a", "Service default/b"), Reading.names(manifests));
    assertEquals("document[1].items[0]", manifests.objects().getLast().document());
  }

  @Test
  void mistake_inTheSecondOnOneLine_hasItsPlace() {
    var manifests =
        Reading.of("{\"apiVersion\": \"v1\"} " + service("b").replace("\"metadata\"", "\"metadat\""));
    assertEquals(
        "1:62",
        Reading.at(
            manifests,
            manifests.verdicts().stream()
                .filter(verdict -> verdict.reason() == Reason.UnknownField)
                .findFirst()
                .orElseThrow(() -> new AssertionError(manifests.verdicts()))));
  }

  @Test
  void lastObject_cutOff_othersAreRead() {
    var manifests = Reading.of(service("a") + "\n" + service("b") + "\n{\"kind\": ");
    assertEquals(List.of("Service default/a", "Service default/b"), Reading.names(manifests));
    assertEquals("3:1", Reading.at(manifests, Reading.only(manifests, Reason.Unreadable)));
  }

  @Test
  void array_afterAnObject_isTold() {
    var manifests = Reading.of(service("a") + "[" + service("b") + "]");
    assertEquals(List.of("Service default/a"), Reading.names(manifests));
    assertTrue(Reading.only(manifests, Reason.InvalidValue).fix().contains("kind: List"));
  }

  @Test
  void values_withTextBetween_areNone() {
    assertEquals(List.of(), JsonStream.split("{} , {}", Origin.START));
    assertEquals(List.of(), JsonStream.split("{}", Origin.START));
    assertEquals(List.of(), JsonStream.split("a: {} {}", Origin.START));
  }

  @ParameterizedTest
  @ValueSource(strings = {"---\n\uFEFF", "\uFEFF---\n", "---\n# head\n\uFEFF", "...\n\uFEFF"})
  void byteOrderMark_betweenDocuments_isPassedOver(String between) {
    var manifests =
        Reading.of("\uFEFF" + Reading.service("a", 80) + between + Reading.service("b", 80));
    assertEquals(List.of("Service default/a", "Service default/b"), Reading.names(manifests));
    assertEquals(List.of(), manifests.verdicts());
  }
}
