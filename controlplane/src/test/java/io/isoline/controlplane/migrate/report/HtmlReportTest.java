package io.isoline.controlplane.migrate.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a text, and in a browser where there is one: chromium, as Debian has it. */
final class HtmlReportTest {

  private static final Pattern TAG = Pattern.compile("<(/?)([a-z0-9]+)((?:\\s[^<>]*)?)>");
  private static final Set<String> WITHOUT_END = Set.of("meta", "input");
  private static final Set<String> TAGS =
      Set.of(
          "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ul", "li", "b",
          "code", "input", "span", "table", "tr", "th", "td", "details", "summary", "script");

  private final String page = HtmlReport.of(Sample.report());

  @Test
  void page_tags_areOursAndNested() {
    String markup = page.replaceAll("(?s)(<style>).*(</style>)", "$1$2");
    int script = markup.lastIndexOf("<script>");
    markup = markup.substring(0, script + 8) + markup.substring(markup.lastIndexOf("</script>"));
    Deque<String> open = new ArrayDeque<>();
    Matcher tag = TAG.matcher(markup.replace("<!DOCTYPE html>", ""));
    StringBuilder rest = new StringBuilder();
    while (tag.find()) {
      tag.appendReplacement(rest, "");
      String name = tag.group(2);
      assertTrue(TAGS.contains(name), tag.group());
      if (!tag.group(1).isEmpty()) {
        assertEquals(open.pop(), name, tag.group());
      } else if (!WITHOUT_END.contains(name)) {
        open.push(name);
      }
    }
    tag.appendTail(rest);
    assertTrue(open.isEmpty(), open.toString());
    assertFalse(rest.toString().contains("<"), "text of others begins a tag");
  }

  @Test
  void page_loadsNothing() {
    assertFalse(Pattern.compile("(?i)\\s(src|href|action|style|on[a-z]+)=\"").matcher(page).find());
    assertFalse(page.contains("@import"));
    assertFalse(page.contains("url("));
    assertTrue(page.contains("default-src 'none'"), page);
    assertFalse(page.contains("unsafe-inline"), page);
  }

  @Test
  void page_protectionLost_isBeforeEverythingElse() {
    assertTrue(page.indexOf("auth-url") < page.indexOf("server-alias"), page);
    assertTrue(page.indexOf("Protection lost") < page.indexOf("To do"), page);
  }

  @Test
  void browser_hostileText_isShownAndRunsNothing(@TempDir Path directory)
      throws IOException, InterruptedException {
    String shown = inBrowser(directory, "");
    assertTrue(shown.contains("<title>From ingress-nginx to Isoline</title>"), shown);
    assertFalse(shown.contains("<title>run"), shown);
    assertFalse(shown.contains("<img"), shown);
    assertEquals(0, hidden(shown), shown);
  }

  @Test
  void browser_filter_hidesWhatHasOtherWords(@TempDir Path directory)
      throws IOException, InterruptedException {
    String shown = inBrowser(directory, "#server-alias%20blog");
    Matcher counts = Pattern.compile("id=\"shown\"[^>]*>(\\d+) of (\\d+) shown").matcher(shown);
    assertTrue(counts.find(), shown);
    // Its task and the two Ingresses that have it.
    assertEquals("3", counts.group(1));
    assertEquals(Integer.parseInt(counts.group(2)) - 3, hidden(shown), shown);
  }

  private static int hidden(String shown) {
    return shown.split("data-part=\"\" hidden=\"\"", -1).length - 1;
  }

  /** The page as the browser has it when its script has run. */
  private String inBrowser(Path directory, String fragment)
      throws IOException, InterruptedException {
    String chromium = chromium();
    assumeTrue(chromium != null, "there is no chromium on the PATH: apt install chromium");
    Path file = Files.writeString(directory.resolve("report.html"), page);
    List<String> command = new ArrayList<>();
    command.add(String.valueOf(chromium));
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--user-data-dir=" + directory.resolve("profile"),
            "--dump-dom",
            file.toUri() + fragment));
    Path out = directory.resolve("dom.html");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(directory.resolve("errors.txt").toFile())
            .start();
    try {
      assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the browser does not end");
    } finally {
      process.destroyForcibly();
    }
    String errors = Files.readString(directory.resolve("errors.txt"), StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), errors);
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  private static @Nullable String chromium() {
    for (String directory :
        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      for (String name : List.of("chromium", "chromium-browser", "google-chrome")) {
        Path file = Path.of(directory, name);
        if (Files.isExecutable(file)) {
          return file.toString();
        }
      }
    }
    return null;
  }
}
