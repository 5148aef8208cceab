package io.isoline.controlplane.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServiceAddressesTest {

  @Test
  void of_loadBalancer_isWhatItWasGiven() {
    Service service =
        new ServiceBuilder()
            .withNewSpec()
            .withType("LoadBalancer")
            .withClusterIP("10.0.0.1")
            .endSpec()
            .withNewStatus()
            .withNewLoadBalancer()
            .addNewIngress()
            .withIp("192.0.2.1")
            .endIngress()
            .addNewIngress()
            .withHostname("lb.example.com")
            .endIngress()
            .addNewIngress()
            .withIp("192.0.2.2")
            .withHostname("two.example.com")
            .endIngress()
            .endLoadBalancer()
            .endStatus()
            .build();
    assertEquals(
        List.of(
            new PublishedAddress("192.0.2.1", null),
            new PublishedAddress(null, "lb.example.com"),
            new PublishedAddress("192.0.2.2", "two.example.com")),
        ServiceAddresses.of(service));
  }

  @Test
  void of_externalIps_areAddressesToo() {
    Service service =
        new ServiceBuilder()
            .withNewSpec()
            .withType("NodePort")
            .withClusterIP("10.0.0.1")
            .withExternalIPs("198.51.100.1", "198.51.100.1")
            .endSpec()
            .build();
    assertEquals(List.of(new PublishedAddress("198.51.100.1", null)), ServiceAddresses.of(service));
  }

  @Test
  void of_clusterIp_isNoAddress() {
    Service service =
        new ServiceBuilder()
            .withNewSpec()
            .withType("ClusterIP")
            .withClusterIP("10.0.0.1")
            .endSpec()
            .build();
    assertEquals(List.of(), ServiceAddresses.of(service));
    assertEquals(List.of(), ServiceAddresses.of(null));
  }

  @Test
  void of_externalName_isThatName() {
    Service service =
        new ServiceBuilder()
            .withNewSpec()
            .withType("ExternalName")
            .withExternalName("lb.example.com")
            .endSpec()
            .build();
    assertEquals(
        List.of(new PublishedAddress(null, "lb.example.com")), ServiceAddresses.of(service));
  }
}
