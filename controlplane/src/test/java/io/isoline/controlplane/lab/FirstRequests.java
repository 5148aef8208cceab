package io.isoline.controlplane.lab;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.isoline.controlplane.envoy.Connection;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Sends one request to each host of a namespace at the moment when the status of its Ingress shows
 * an address: a program that runs inside the lab.
 *
 * <p>The arguments are the namespace, the Deployment whose pods answer, and how many Ingresses
 * there will be. Prints a line for each answer that is not right, and how many were.
 */
final class FirstRequests implements ResourceEventHandler<Ingress> {

  private final String deployment;
  private final CountDownLatch answers;
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final Set<String> right = ConcurrentHashMap.newKeySet();

  private FirstRequests(String deployment, int count) {
    this.deployment = deployment;
    this.answers = new CountDownLatch(count);
  }

  public static void main(String[] arguments) throws InterruptedException {
    int count = Integer.parseInt(arguments[2]);
    FirstRequests requests = new FirstRequests(arguments[1], count);
    KubernetesClient client = new KubernetesClientBuilder().build();
    client.network().v1().ingresses().inNamespace(arguments[0]).inform(requests);
    System.out.println("watching");
    requests.answers.await();
    System.out.println("%d of %d right".formatted(requests.right.size(), count));
    System.exit(0);
  }

  @Override
  public void onAdd(Ingress ingress) {
    look(ingress);
  }

  @Override
  public void onUpdate(Ingress before, Ingress after) {
    look(after);
  }

  @Override
  public void onDelete(Ingress ingress, boolean unknown) {
    // It was asked, or never will be.
  }

  private void look(Ingress ingress) {
    List<IngressLoadBalancerIngress> addresses =
        ingress.getStatus() == null || ingress.getStatus().getLoadBalancer() == null
            ? List.of()
            : ingress.getStatus().getLoadBalancer().getIngress();
    String host = ingress.getSpec().getRules().getFirst().getHost();
    if (!addresses.isEmpty() && asked.add(host)) {
      String address = addresses.getFirst().getIp();
      Thread.ofVirtual().start(() -> ask(host, address));
    }
  }

  private void ask(String host, String address) {
    Target target = Target.http(host, "/", deployment);
    try (Connection connection = target.connect(address)) {
      String answer = target.ask(connection);
      if (target.isRight(answer)) {
        right.add(host);
      } else {
        System.out.println("WRONG " + host + ": " + answer.lines().findFirst().orElse(""));
      }
    } catch (IOException e) {
      System.out.println("LOST " + host + ": " + e);
    } finally {
      answers.countDown();
    }
  }
}
