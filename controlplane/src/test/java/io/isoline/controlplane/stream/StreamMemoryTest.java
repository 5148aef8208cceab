package io.isoline.controlplane.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class StreamMemoryTest {

  @Test
  void bytes_anEntryForEachName_andStrangeCharactersThrice() {
    assertEquals(0, StreamMemory.bytes(0, 0));
    assertEquals(640, StreamMemory.bytes(10, 0));
    assertEquals(640 + 300, StreamMemory.bytes(10, 100));
  }

  @Test
  void limit_isAQuarterOfTheHeap() {
    assertEquals(256L << 20, StreamMemory.limit(1L << 30));
  }
}
