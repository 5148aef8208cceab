package io.isoline.controlplane.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.stream.StreamInfo;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogStreamTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final LogStream log = new LogStream(bytes);

  private List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void record_withBreaksAndEscapes_isOneLine() {
    log.println("INFO Envoy a\nERROR forged\u001b[2J connected");
    assertEquals(List.of("INFO Envoy a\\nERROR forged\\u001B[2J connected"), lines());
  }

  @Test
  void record_thatIsLong_isCut() {
    log.println("x".repeat(1 << 20));
    assertEquals(1, lines().size());
    assertTrue(lines().getFirst().length() < LogStream.LONGEST + 50, lines().getFirst());
  }

  @Test
  void stackTrace_ofAForgedMessage_hasALineForEachFrame() {
    new IllegalStateException("a\nERROR forged").printStackTrace(log);
    assertEquals("java.lang.IllegalStateException: a\\nERROR forged", lines().getFirst());
    assertTrue(lines().size() > 1);
  }

  @Test
  void nodeId_ofAMegabyte_isCutWhereItIsNamed() {
    StreamInfo stream = new StreamInfo(1, "10.0.0.1", true, "\u001b[2J\n".repeat(1 << 17), "", "");
    assertTrue(stream.toString().length() < 1000, stream.toString());
    assertTrue(stream.toString().startsWith("Envoy \\u001B[2J\\n"), stream.toString());
  }
}
