package io.isoline.translator.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {

  @Test
  void whole_aSequence_hasItsChildren() {
    Der sequence = Der.whole(ByteString.fromHex("3006020101020102"));
    assertNotNull(sequence);
    assertEquals(2, sequence.children().size());
    assertEquals("02", sequence.children().getLast().hex());
  }

  /** BER, which Envoy does not read. */
  @ParameterizedTest
  @ValueSource(
      strings = {"308103020101", "30820003020101", "30800201010000", "3f1003020101", "300302010100"})
  void whole_notDer_isNull(String hex) {
    assertNull(Der.whole(ByteString.fromHex(hex)));
  }

  @Test
  void children_lengthNotTheShortest_endBeforeIt() {
    Der sequence = Der.whole(ByteString.fromHex("300702010102810102"));
    assertNotNull(sequence);
    assertEquals(1, sequence.children().size());
  }
}
