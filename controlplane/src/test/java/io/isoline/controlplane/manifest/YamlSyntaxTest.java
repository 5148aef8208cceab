package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Has a time limit, as text without a limit on what it expands to is read for ever. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class YamlSyntaxTest {

  static List<Arguments> errors() {
    return List.of(
        Arguments.of("a:\n\tb: 1\n", "2:1", "indented with a tab", "spaces"),
        Arguments.of("host: *.example.com\n", "1:7", "alias in YAML", "\"*.example.com\""),
        Arguments.of("host: *example\n", "1:7", "not defined before it", "\"*example\""),
        Arguments.of("a: b: c\n", "1:5", "no key can be", "quotes"),
        Arguments.of("a: 1\n b: 2\n", "2:3", "indented differently", "align"),
        Arguments.of("a:\n  - 1\n b: 2\n", "3:2", "indentation fits neither", "align"),
        Arguments.of("a: 1\nb\nc: 2\n", "2:1", "without a `:`", "key: value"),
        Arguments.of("a:\n  b: 1\n  word\n  c: 2\n", "3:3", "without a `:`", "key: value"),
        Arguments.of("a: 1\nword\n", "2:1", "without a `:`", "key: value"),
        Arguments.of("a: 1\nword\n# end\n\n", "2:1", "without a `:`", "key: value"),
        Arguments.of("a:\n  word\n  b: 1\n", "2:3", "without a `:`", "key: value"),
        Arguments.of("a: 1\nmetadata\n  name: b\n", "2:1", "without a `:`", "key: value"),
        Arguments.of("a:\n  - host b\n    http: c\n", "2:5", "without a `:`", "key: value"),
        Arguments.of("a: this is\n  a long text\n  see: that\n", "3:6", "no key can be", "align"),
        Arguments.of("a: \"b\nc: d\n", "1:4", "quote opened at line 1", "close it"),
        Arguments.of("a: 'b\n\n\n", "1:4", "quote opened at line 1", "close it"),
        Arguments.of("a: [1,\n  2\n\n", "1:4", "bracket opened at line 1", "close it"),
        Arguments.of("a: {b: 1,\n", "1:4", "bracket opened at line 1", "close it"),
        Arguments.of("a: \"[\"\nb: # {\n  - {c: [1]\n", "3:5", "opened at line 3", "close it"),
        Arguments.of("a: & \n", "1:4", "anchor", ""),
        Arguments.of("a: !<\n", "1:4", "tag", ""),
        Arguments.of("a: b\n\ud83d\ude00: \u0001\n", "2:4", "control character U+0001", "remove"),
        Arguments.of("a: [1, 2\nb: 3\n", "2:2", "bracket opened at line 1", "close it"),
        Arguments.of("a: `b`\n", "1:4", "cannot begin with ```", "quotes"),
        Arguments.of("a: @b\n", "1:4", "cannot begin with `@`", "\"@b\""),
        Arguments.of("a: {{ .Values.a }}-{{ .b }}\n", "1:4", "template", "helm template"),
        Arguments.of("a: \u0001\n", "1:4", "control character U+0001", "remove"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void syntaxError_explainedAtItsPlace(String text, String at, String message, String fix) {
    var manifests = Reading.of(text);
    Verdict verdict = manifests.verdicts().getFirst();
    assertEquals(ObjectRef.file("test.yaml"), verdict.object());
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains(message), verdict.message());
    assertTrue(verdict.fix().contains(fix), verdict.fix());
    assertTrue(
        Reading.at(manifests, verdict).startsWith(at),
        Reading.at(manifests, verdict) + " " + verdict);
  }

  @Test
  void syntaxError_inTheSecondOfThree_othersLoadAndLinesAreThoseOfTheFile() {
    var manifests =
        Reading.of(
            Reading.service("a", 80)
                + "---\nkind: \"open\nname: [\n---\n"
                + Reading.service("b", 81)
                + "  port: 3\n");
    assertEquals(List.of("Service default/a", "Service default/b"), Reading.names(manifests));
    Verdict error = Reading.only(manifests, Reason.Unreadable);
    assertEquals("document[1]", error.field());
    assertTrue(error.message().contains("line 9"), error.message());
    Verdict unknown = Reading.only(manifests, Reason.UnknownField);
    assertEquals("19:3", Reading.at(manifests, unknown));
    assertEquals("document[2]", manifests.objects().getLast().document());
  }

  @Test
  void syntaxError_betweenEndMarks_othersLoad() {
    var manifests =
        Reading.of(Reading.service("a", 80) + "...\n{\n...\n---\r\n" + Reading.service("b", 81));
    assertEquals(List.of("Service default/a", "Service default/b"), Reading.names(manifests));
    assertEquals(1, manifests.verdicts().size());
  }

  @Test
  void dashes_insideABlock_areNoBoundary() {
    var manifests =
        Reading.of(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: a}
            stringData:
              tls.crt: |
                -----BEGIN CERTIFICATE-----
                ---
            """);
    assertEquals(List.of(), manifests.verdicts());
    assertEquals(1, manifests.objects().size());
  }

  @Test
  void emptyDocuments_areSkipped() {
    var manifests =
        Reading.of(
            "# head\n---\n---\n# only a comment\n---\n" + Reading.service("a", 80) + "---\n");
    assertEquals(List.of("Service default/a"), Reading.names(manifests));
    assertEquals(List.of(), manifests.verdicts());
    assertEquals(List.of(), Reading.of("").verdicts());
    assertEquals(List.of(), Reading.of("\n# nothing\n").verdicts());
  }

  @Test
  void json_indentedWithTabs_isRead() {
    var manifests =
        Reading.of(
            """
            {
            \t"apiVersion": "v1",
            \t"kind": "Service",
            \t"metadata": {"name": "web"},
            \t"spec": {"ports": [{"port": 80, "bad": 1}]}
            }
            """);
    assertEquals(List.of("Service default/web"), Reading.names(manifests));
    assertEquals("5:34", Reading.at(manifests, Reading.only(manifests, Reason.UnknownField)));
  }

  @Test
  void aliases_thatExpandExponentially_refused() {
    var text = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 30; i++) {
      text.append("a%d: &a%d [%s*a%d]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9), i - 1));
    }
    var manifests = Reading.of(text + "---\n" + Reading.service("web", 80));
    assertTrue(Reading.only(manifests, Reason.Unreadable).message().contains("aliases expand"));
    assertEquals(List.of("Service default/web"), Reading.names(manifests));
  }

  @Test
  void alias_insideItsOwnAnchor_refused() {
    var manifests = Reading.of("a: &a [*a]\n");
    assertTrue(Reading.only(manifests, Reason.Unreadable).message().contains("not defined before"));
  }

  @Test
  void nesting_withoutEnd_refused() {
    for (String open : List.of("[", "{a: ", "- ")) {
      var manifests = Reading.of(open.repeat(100_000));
      assertTrue(
          Reading.only(manifests, Reason.Unreadable).message().contains("nested more than"), open);
    }
  }

  @Test
  void keyThatIsAMapping_refusesItsObjectOnly() {
    var manifests =
        Reading.of(
            Reading.service("a", 80).replace("port: 80", "port: {{ port }}")
                + "---\n"
                + Reading.service("b", 80));
    assertEquals(List.of("Service default/b"), Reading.names(manifests));
    assertTrue(
        Reading.only(manifests, Reason.Unreadable).message().contains("render it first"),
        manifests.verdicts().toString());
  }
}
