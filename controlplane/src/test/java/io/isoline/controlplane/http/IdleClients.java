package io.isoline.controlplane.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections that begin a request, or say nothing, and then wait. */
public final class IdleClients implements AutoCloseable {

  private final List<Socket> sockets = new ArrayList<>();

  /** Opens so many; every second one sends {@code text}. */
  public static IdleClients open(int count, InetSocketAddress server, String text)
      throws IOException {
    IdleClients clients = new IdleClients();
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket(server.getAddress(), server.getPort());
      clients.sockets.add(socket);
      if (i % 2 == 0) {
        try {
          socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
          // The server has ended it.
        }
      }
    }
    return clients;
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
