package io.isoline.controlplane.lab;

import io.isoline.controlplane.envoy.Connection;
import io.isoline.controlplane.envoy.Response;
import io.isoline.controlplane.envoy.TlsConnection;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/**
 * What to ask for, and the only right answer.
 *
 * @param expected is found in "STATUS NAME BODY", where NAME is the common name of the certificate,
 *     or - for plain HTTP
 */
record Target(boolean tls, String method, String host, String path, Pattern expected) {

  /** A right answer is a 200 of a pod of this Deployment. */
  static Target http(String host, String path, String deployment) {
    return new Target(false, "GET", host, path, Pattern.compile("^200 - " + of(deployment)));
  }

  /** The same with another method, which takes no body. */
  Target by(String other) {
    return new Target(tls, other, host, path, expected);
  }

  /** As {@link #http}, with a certificate whose common name matches. */
  static Target https(String host, String path, String commonName, String deployment) {
    return new Target(
        true, "GET", host, path, Pattern.compile("^200 (?:" + commonName + ") " + of(deployment)));
  }

  private static String of(String deployment) {
    return "[\\s\\S]*\"pod\": \"" + deployment + "-";
  }

  /** Reads what {@link #toString} has made. */
  static Target parse(String text) {
    String[] parts = text.split("\t", -1);
    return new Target(
        Boolean.parseBoolean(parts[0]), parts[1], parts[2], parts[3], Pattern.compile(parts[4]));
  }

  Connection connect(String address) throws IOException {
    return tls
        ? TlsConnection.open(new InetSocketAddress(address, 443), Hello.to(host))
        : Connection.open(new InetSocketAddress(address, 80));
  }

  /** Asks, on a connection made by {@link #connect}, and returns the answer to be judged. */
  String ask(Connection connection) throws IOException {
    Response response =
        connection.exchange(
            method
                + " "
                + path
                + " HTTP/1.1\r\nHost: "
                + host
                + "\r\nContent-Length: 0\r\n\r\n");
    String name = connection instanceof TlsConnection secured ? secured.commonName() : "-";
    return response.status() + " " + name + " " + response.body();
  }

  boolean isRight(String answer) {
    return expected.matcher(answer).find();
  }

  @Override
  public String toString() {
    return tls + "\t" + method + "\t" + host + "\t" + path + "\t" + expected;
  }
}
