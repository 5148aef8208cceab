package io.isoline.controlplane.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.lab.Page.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageTest {

  @Test
  void parse_consoleBlocks_areSteps() {
    Page page =
        Page.parse(
            "page.md",
            """
            Text.

            ```yaml
            $ no: command
            ```

            ```console
            $ one \\
                --flag
            $ two
            first line
            second line
            ```

            ## Cleaning up

            ```console fails
            $ three
            ```
            """
                .lines()
                .toList());
    assertEquals(
        List.of(
            new Step("page.md:8", "one \\\n    --flag", false, false, List.of()),
            new Step("page.md:10", "two", false, false, List.of("first line", "second line")),
            new Step("page.md:18", "three", true, true, List.of())),
        page.steps());
  }

  @Test
  void parse_outputWithoutCommand_isRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Page.parse("page.md", List.of("```console", "apply this", "```")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pod/demo-... created | pod/demo-5f7-x2 created",
        "demo  isoline  ...  80 | demo       isoline   127.96.0.1   80",
        "Address:  ... | Address:          127.96.0.1",
        "... | anything",
        "*             80  ... | *         80      40s",
        "a.b | a.b",
        "Warning  BackendNotFound  ...  isoline  ... | Warning  BackendNotFound  2s (x2 over 9s) "
            + " isoline  no Service \"x\"",
      })
  void matches_wildcardsAndSpaces_holds(String expected, String output) {
    assertTrue(step(expected).matches(output));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "demo  isoline  ...  80 | demo   isoline        80",
        "a.b | axb",
        "200 | 404",
        "one | one two",
      })
  void matches_somethingElse_doesNot(String expected, String output) {
    assertFalse(step(expected).matches(output));
  }

  @Test
  void matches_lineOfDots_standsForAnyLines() {
    Step step = new Step("", "", false, false, List.of("first", "...", "last"));
    assertTrue(step.matches("first\nlast"));
    assertTrue(step.matches("first\na\nb\nlast\n"));
    assertFalse(step.matches("first\nlast\nmore"));
  }

  private static Step step(String expected) {
    return new Step("", "", false, false, List.of(expected));
  }
}
