package io.isoline.controlplane.envoy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Answers with its name and what it got, over TCP and UDP on one port. */
final class Echo implements AutoCloseable {

  private static final int TRIES = 100;

  private final String name;
  private final ServerSocket tcp;
  private final DatagramSocket udp;
  private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();

  private Echo(String name, ServerSocket tcp, DatagramSocket udp) {
    this.name = name;
    this.tcp = tcp;
    this.udp = udp;
  }

  static Echo start(String name) throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    for (int i = 0; i < TRIES; i++) {
      ServerSocket tcp = new ServerSocket(0, 50, here);
      try {
        Echo echo =
            new Echo(
                name,
                tcp,
                new DatagramSocket(new InetSocketAddress(here, tcp.getLocalPort())));
        Thread.ofVirtual().start(echo::accept);
        Thread.ofVirtual().start(echo::receive);
        return echo;
      } catch (IOException e) {
        tcp.close(); // Somebody has the number for UDP.
      }
    }
    throw new IllegalStateException("no port is free for both");
  }

  int port() {
    return tcp.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = tcp.accept();
        connections.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      out.write((name + ":").getBytes(StandardCharsets.US_ASCII));
      out.flush();
      in.transferTo(out);
    } catch (IOException e) {
      // The client went away.
    }
  }

  private void receive() {
    byte[] buffer = new byte[65_536];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        String text =
            new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
        byte[] answer = (name + ":" + text).getBytes(StandardCharsets.ISO_8859_1);
        udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
      for (Socket socket : connections) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
