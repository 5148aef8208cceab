package io.isoline.controlplane.envoy;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class EnvoyLauncherTest {

  @Test
  void choose_unknownWord_saysWhatToWrite() {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> EnvoyLauncher.choose("podman"))
                .getMessage());
    assertTrue(message.contains("write docker or native"), message);
  }

  @Test
  void choose_dockerThatCannotBeUsed_saysWhy() {
    String message =
        String.valueOf(
            assertThrows(
                    IllegalStateException.class,
                    () -> EnvoyLauncher.choose("docker", () -> "the cleaner has no image"))
                .getMessage());
    assertTrue(message.contains("can be used: the cleaner has no image."), message);
  }
}
