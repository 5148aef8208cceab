package io.isoline.controlplane.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Splits a text into documents and reads each. When the text as a whole is not YAML, it is cut at
 * the lines that begin a document ({@code ---} in the first column can be nothing else), and JSON
 * values that follow each other are cut apart, so that an error in one document does not hide the
 * others.
 */
final class YamlText {

  private static final Pattern DOCUMENT_START = Pattern.compile("---(\\s.*)?");
  private static final Pattern DOCUMENT_END = Pattern.compile("\\.\\.\\.\\s*");
  private static final Pattern MARK_AT_LINE_START = Pattern.compile("(?m)^\uFEFF+");

  private YamlText() {}

  /** The same without a word on the progress. */
  static List<YamlDocument> read(String text) {
    return read(text, done -> {});
  }

  /**
   * The documents that are not empty, in their order. Never throws for any text.
   *
   * @param text a byte order mark at the beginning of any line is passed over: files with one, put
   *     together, have it before or after {@code ---}
   * @param progress is told the characters that were read, now and then, once more from the
   *     beginning when the text has to be cut
   */
  static List<YamlDocument> read(String text, LongConsumer progress) {
    String unmarked =
        text.indexOf('\uFEFF') < 0 ? text : MARK_AT_LINE_START.matcher(text).replaceAll("");
    List<YamlDocument> whole = new ArrayList<>();
    progress.accept(0);
    YamlDocument broken = parse(unmarked, Origin.START, whole, progress);
    if (broken == null) {
      return whole;
    }
    List<Chunk> chunks = chunks(unmarked);
    if (chunks.size() == 1) {
      return withRest(whole, broken, unmarked, Origin.START);
    }
    List<YamlDocument> documents = new ArrayList<>();
    long done = 0;
    for (Chunk chunk : chunks) {
      progress.accept(done);
      done += chunk.text().length();
      Origin origin = new Origin(chunk.line(), 0);
      List<YamlDocument> ofChunk = new ArrayList<>();
      YamlDocument inChunk = parse(chunk.text(), origin, ofChunk, any -> {});
      documents.addAll(
          inChunk == null ? ofChunk : withRest(ofChunk, inChunk, chunk.text(), origin));
    }
    return documents;
  }

  /** The documents of a text of which those before the broken one could be read. */
  private static List<YamlDocument> withRest(
      List<YamlDocument> read, YamlDocument broken, String text, Origin origin) {
    List<JsonStream.Value> values = JsonStream.split(text, origin);
    List<YamlDocument> documents = new ArrayList<>();
    if (values.isEmpty()) {
      documents.addAll(read);
      documents.add(broken);
    }
    values.forEach(value -> readOne(value, documents));
    return documents;
  }

  private static void readOne(JsonStream.Value value, List<YamlDocument> documents) {
    YamlDocument broken = parse(value.text(), value.origin(), documents, any -> {});
    if (broken != null) {
      documents.add(broken);
    }
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
        fromLine = line + LineBreak.count(text, at, next);
      }
      line += LineBreak.count(text, at, next);
      at = next;
    }
    if (from < text.length() || chunks.isEmpty()) {
      chunks.add(new Chunk(fromLine, text.substring(from)));
    }
    return chunks;
  }

  /** Adds the documents up to the first that cannot be read, which it returns; null for none. */
  private static @Nullable YamlDocument parse(
      String text, Origin origin, List<YamlDocument> documents, LongConsumer progress) {
    String json = text.stripLeading();
    boolean flow = json.startsWith("{") || json.startsWith("[");
    // JSON may be indented with tabs, YAML may not. A tab inside a JSON string is always escaped.
    String yaml = flow ? text.replace('\t', ' ') : text;
    var settings =
        LoadSettings.builder().setLabel("manifest").setCodePointLimit(Integer.MAX_VALUE).build();
    var builder = new YamlTreeBuilder(origin);
    try {
      for (Event event : new Parse(settings).parseString(yaml)) {
        if (event.getEventId() == Event.ID.DocumentStart) {
          builder = new YamlTreeBuilder(origin);
        }
        builder.accept(event);
        if (event.getEventId() == Event.ID.DocumentEnd) {
          event.getEndMark().ifPresent(mark -> progress.accept(mark.getIndex()));
          YamlValue root = builder.root();
          YamlValue braces = builder.braces();
          if (braces != null) {
            documents.add(
                new YamlDocument.Template(
                    braces.line(), braces.column(), TemplateAction.at(text, origin, braces)));
          } else if (root != null) {
            documents.add(new YamlDocument.Parsed(root));
          }
        }
      }
      return null;
    } catch (YamlTreeBuilder.LimitException e) {
      return e.broken();
    } catch (YamlEngineException e) {
      YamlDocument template = TemplateAction.in(text, origin);
      return template != null ? template : SyntaxExplanation.of(e, text, origin);
    } catch (RuntimeException e) {
      // The library answers some malformed texts with exceptions that it does not declare.
      YamlDocument template = TemplateAction.in(text, origin);
      return template != null
          ? template
          : new YamlDocument.Broken(
              origin.line(0),
              origin.column(0, 0),
              "is not YAML: " + e.getClass().getSimpleName(),
              "check its syntax");
    }
  }
}
