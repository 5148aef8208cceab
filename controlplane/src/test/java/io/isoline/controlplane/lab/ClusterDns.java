package io.isoline.controlplane.lab;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Answers for names of Services, {@code <name>.<namespace>.svc.cluster.local}, over UDP (RFC 1035,
 * and the DNS specification of Kubernetes): A records; other types have none; other names do not
 * exist.
 */
final class ClusterDns {

  /** Where pods look for it; {@code pod.py} writes it into their {@code resolv.conf}. */
  private static final String ADDRESS = "10.96.0.10";

  private static final String SUFFIX = ".svc.cluster.local";
  private static final int HEADER = 12;
  private static final int TYPE_A = 1;
  private static final int NO_SUCH_NAME = 3;
  private static final int TTL_SECONDS = 1;

  /** The addresses of a Service, or null when it does not exist. */
  @FunctionalInterface
  interface Names {
    @Nullable List<String> addresses(String namespace, String name);
  }

  private final DatagramSocket socket;
  private final Names names;

  private ClusterDns(DatagramSocket socket, Names names) {
    this.socket = socket;
    this.names = names;
  }

  static ClusterDns open(Names names) throws IOException {
    return new ClusterDns(new DatagramSocket(53, InetAddress.getByName(ADDRESS)), names);
  }

  /** Answers until the process ends. */
  void serve() {
    byte[] buffer = new byte[512];
    while (true) {
      try {
        DatagramPacket query = new DatagramPacket(buffer, buffer.length);
        socket.receive(query);
        byte[] answer = answer(ByteBuffer.wrap(buffer, 0, query.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
      } catch (BufferUnderflowException | IllegalArgumentException e) {
        System.out.println("not a query: " + e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private byte[] answer(ByteBuffer query) throws IOException {
    query.position(HEADER);
    StringBuilder name = new StringBuilder();
    for (int length = query.get(); length > 0; length = query.get()) {
      byte[] label = new byte[length];
      query.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
    }
    int type = query.getShort();
    query.getShort(); // the class, Internet
    byte[] question = new byte[query.position() - HEADER];
    query.get(HEADER, question);
    List<String> known = addresses(name.toString().toLowerCase(Locale.ROOT));
    List<String> addresses = known == null || type != TYPE_A ? List.of() : known;

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeShort(query.getShort(0));
    // A response, authoritative, recursion desired and available.
    out.writeShort(0x8580 | (known == null ? NO_SUCH_NAME : 0));
    out.writeShort(1);
    out.writeShort(addresses.size());
    out.writeInt(0);
    out.write(question);
    for (String address : addresses) {
      out.writeShort(0xC000 | HEADER); // the name of the question
      out.writeShort(TYPE_A);
      out.writeShort(1);
      out.writeInt(TTL_SECONDS);
      byte[] ip = InetAddress.getByName(address).getAddress();
      out.writeShort(ip.length);
      out.write(ip);
    }
    return bytes.toByteArray();
  }

  private @Nullable List<String> addresses(String name) {
    if (!name.endsWith(SUFFIX)) {
      return null;
    }
    String[] labels = name.substring(0, name.length() - SUFFIX.length()).split("\\.", -1);
    return labels.length == 2 ? names.addresses(labels[1], labels[0]) : null;
  }
}
