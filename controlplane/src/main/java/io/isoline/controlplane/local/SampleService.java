package io.isoline.controlplane.local;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.ServiceRecord;
import java.util.List;

/**
 * A Service that gets sample backends.
 *
 * @param service the Service
 * @param ports those that a sample backend can serve: plain HTTP/1.1 over TCP
 * @param pods the names of its pods, each once
 */
public record SampleService(ObjectRef service, List<ServiceRecord.Port> ports, List<String> pods) {

  public SampleService {
    ports = List.copyOf(ports);
    pods = List.copyOf(pods);
  }
}
