package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class MemoryLimitTest {

  private static final List<String> ONE_GIBIBYTE =
      List.of("MemTotal:        1048576 kB", "MemFree:          524288 kB");

  @Test
  void ofCgroup_lessThanTheMachine_isThat() {
    assertEquals(OptionalLong.of(1 << 29), MemoryLimit.ofCgroup(1 << 29, ONE_GIBIBYTE));
  }

  @Test
  void ofCgroup_wholeMachine_isNone() {
    assertEquals(OptionalLong.empty(), MemoryLimit.ofCgroup(1 << 30, ONE_GIBIBYTE));
  }

  @Test
  void ofCgroup_unknownMachine_isNone() {
    assertEquals(OptionalLong.empty(), MemoryLimit.ofCgroup(1 << 29, List.of("Mem: 1")));
  }

  @Test
  void heap_ofALimit_leavesATenth() {
    assertEquals(900, MemoryLimit.heap(1000));
    assertEquals(1_932_735_284, MemoryLimit.heap(1L << 31));
  }
}
