package io.isoline.translator.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
      strings = {
        "308103020101", "30820003020101", "30800201010000", "3f1003020101", "300302010100", "30", "3081",
        "308201", "3082ffff"
      })
  void whole_notDer_isNull(String hex) {
    assertNull(Der.whole(ByteString.fromHex(hex)));
  }

  @Test
  void whole_lengthOfNoEnd_isNull() {
    // As a number it would be the length of what follows.
    assertNull(
        Der.whole(ByteString.fromHex("3080").concat(ByteString.copyFrom(new byte[0x80]))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000})
  void encode_anyLength_isReadBack(int length) {
    ByteString content = ByteString.copyFrom(new byte[length]);

    Der whole = Der.whole(Der.encode(Der.OCTET_STRING, content));

    assertNotNull(whole);
    assertTrue(whole.is(Der.OCTET_STRING));
    assertEquals(content, whole.value());
  }

  @Test
  void whole_lengthOfFourBytes_isRead() {
    ByteString content = ByteString.copyFrom(new byte[1 << 24]);
    assertNotNull(Der.whole(ByteString.fromHex("308401000000").concat(content)));
  }

  @Test
  void children_lengthNotTheShortest_endBeforeIt() {
    Der sequence = Der.whole(ByteString.fromHex("300702010102810102"));
    assertNotNull(sequence);
    assertEquals(1, sequence.children().size());
  }
}
