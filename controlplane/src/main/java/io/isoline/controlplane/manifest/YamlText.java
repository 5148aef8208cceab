package io.isoline.controlplane.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Splits a text into documents and reads each. When the text as a whole is not YAML, it is cut at
 * the lines that begin a document ({@code ---} in the first column can be nothing else), so that an
 * error in one document does not hide the others.
 */
final class YamlText {

  private static final Pattern DOCUMENT_START = Pattern.compile("---(\\s.*)?");
  private static final Pattern DOCUMENT_END = Pattern.compile("\\.\\.\\.\\s*");

  private YamlText() {}

  /** The documents that are not empty, in their order. Never throws for any text. */
  static List<YamlDocument> read(String text) {
    List<YamlDocument> documents = new ArrayList<>();
    YamlDocument.Broken broken = parse(text, 0, documents);
    if (broken == null) {
      return documents;
    }
    List<Chunk> chunks = chunks(text);
    if (chunks.size() == 1) {
      documents.add(broken);
      return documents;
    }
    documents.clear();
    for (Chunk chunk : chunks) {
      YamlDocument.Broken inChunk = parse(chunk.text(), chunk.line(), documents);
      if (inChunk != null) {
        documents.add(inChunk);
      }
    }
    return documents;
  }

  /** A part of the text with the number of lines before it. */
  private record Chunk(int line, String text) {}

  private static List<Chunk> chunks(String text) {
    List<Chunk> chunks = new ArrayList<>();
    int from = 0;
    int fromLine = 0;
    int line = 0;
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      int next = end < 0 ? text.length() : end + 1;
      String content = text.substring(at, next).stripTrailing();
      if (DOCUMENT_START.matcher(content).matches() && at > from) {
        chunks.add(new Chunk(fromLine, text.substring(from, at)));
        from = at;
        fromLine = line;
      } else if (DOCUMENT_END.matcher(content).matches()) {
        chunks.add(new Chunk(fromLine, text.substring(from, next)));
        from = next;
        fromLine = line + 1;
      }
      at = next;
      line++;
    }
    if (from < text.length() || chunks.isEmpty()) {
      chunks.add(new Chunk(fromLine, text.substring(from)));
    }
    return chunks;
  }

  /** Adds the documents up to the first that cannot be read; null when all could. */
  private static YamlDocument.@Nullable Broken parse(
      String text, int lineOffset, List<YamlDocument> documents) {
    String json = text.stripLeading();
    boolean flow = json.startsWith("{") || json.startsWith("[");
    // JSON may be indented with tabs, YAML may not. A tab inside a JSON string is always escaped.
    String yaml = flow ? text.replace('\t', ' ') : text;
    var settings =
        LoadSettings.builder().setLabel("manifest").setCodePointLimit(Integer.MAX_VALUE).build();
    var builder = new YamlTreeBuilder(lineOffset);
    try {
      for (Event event : new Parse(settings).parseString(yaml)) {
        if (event.getEventId() == Event.ID.DocumentStart) {
          builder = new YamlTreeBuilder(lineOffset);
        }
        builder.accept(event);
        if (event.getEventId() == Event.ID.DocumentEnd) {
          YamlValue root = builder.root();
          if (root != null) {
            documents.add(new YamlDocument.Parsed(root));
          }
        }
      }
      return null;
    } catch (YamlTreeBuilder.LimitException e) {
      return e.broken();
    } catch (YamlEngineException e) {
      return SyntaxExplanation.of(e, text, lineOffset);
    } catch (RuntimeException e) {
      // The library answers some malformed texts with exceptions that it does not declare.
      return new YamlDocument.Broken(
          lineOffset + 1, 1, "is not YAML: " + e.getClass().getSimpleName(), "check its syntax");
    }
  }
}
