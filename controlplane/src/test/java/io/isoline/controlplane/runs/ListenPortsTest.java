package io.isoline.controlplane.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.terminal.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ListenPortsTest {

  @Test
  void zero_twoDifferentFreePorts() throws Failure {
    ListenPorts ports = ListenPorts.choose("127.0.0.1", 0, 0);
    assertNotEquals(0, ports.http());
    assertNotEquals(ports.http(), ports.https());
  }

  @Test
  void portInUse_namesItAndTheWayOut() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      Failure failure =
          assertThrows(
              Failure.class,
              () -> ListenPorts.choose("127.0.0.1", taken.getLocalPort(), 0));
      String message = String.valueOf(failure.getMessage());
      assertTrue(
          message.startsWith("port " + taken.getLocalPort() + " of 127.0.0.1 is in use"), message);
      assertTrue(message.endsWith("--http-port 0"), message);
    }
  }

  @Test
  void samePortTwice_refused() {
    assertThrows(Failure.class, () -> ListenPorts.choose("127.0.0.1", 18080, 18080));
  }

  @Test
  void addressOfAnotherMachine_saysSo() {
    Failure failure =
        assertThrows(Failure.class, () -> ListenPorts.choose("192.0.2.77", 0, 0));
    assertEquals("--address: this machine has no address 192.0.2.77", failure.getMessage());
  }

  @Test
  void name_isNoAddress() {
    Failure failure = assertThrows(Failure.class, () -> ListenPorts.choose("localhost", 0, 0));
    assertEquals("--address: \"localhost\" is not an IP address", failure.getMessage());
  }

  @Test
  void portOutOfRange_refused() {
    assertThrows(Failure.class, () -> ListenPorts.choose("127.0.0.1", 65536, 0));
  }
}
