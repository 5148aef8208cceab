package io.isoline.controlplane.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.stream.AdsRequest.DeltaInterest;
import io.isoline.controlplane.stream.AdsRequest.Interest;
import io.isoline.controlplane.stream.AdsRequest.SotwInterest;
import io.isoline.translator.ResourceType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AdsRequestTest {

  private static long bytes(Interest interest) {
    return Conversation.request(ResourceType.ROUTE, "", null, interest).bytes();
  }

  @Test
  void bytes_ofADifference_areThoseOfAllThatIsInIt() {
    DeltaInterest interest =
        new DeltaInterest(List.of("a", "bc"), List.of("def"), Map.of("ghij", "12345"));
    assertEquals(4, interest.count());
    assertEquals(1 + 2 + 3 + 4 + 5, interest.characters());
    assertEquals(StreamMemory.bytes(4, 15), bytes(interest));
  }

  @Test
  void bytes_ofEverything_areThoseOfNamesAndVersion() {
    SotwInterest interest = new SotwInterest(List.of("a", "bc"), "1234");
    assertEquals(2, interest.count());
    assertEquals(1 + 2 + 4, interest.characters());
    assertEquals(StreamMemory.bytes(2, 7), bytes(interest));
  }
}
