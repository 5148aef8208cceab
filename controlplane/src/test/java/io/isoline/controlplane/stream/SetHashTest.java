package io.isoline.controlplane.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.isoline.translator.Sha256;
import io.isoline.tries.Tries;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SetHashTest {

  @Test
  void order_doesNotMatter() {
    SetHash one = new SetHash();
    one.add("a", "1");
    one.add("b", "2");
    SetHash other = new SetHash();
    other.add("b", "2");
    other.add("a", "1");
    assertEquals(one.toString(), other.toString());
  }

  @Test
  void nameAndVersion_areKeptApart() {
    SetHash one = new SetHash();
    one.add("a", "bc");
    SetHash other = new SetHash();
    other.add("ab", "c");
    assertNotEquals(one.toString(), other.toString());
  }

  @Test
  void remove_afterAdd_isAsBefore() {
    Tries.of(200)
        .run(
            draw -> {
              String name = draw.text(255);
              String version = draw.text(255);
              SetHash hash = new SetHash();
              hash.add(draw.text(255), version);
              String before = hash.toString();
              hash.add(name, version);
              hash.remove(name, version);
              assertEquals(before, hash.toString());
            });
  }

  /** The sum of the first 128 bits of the SHA-256 of each element, reckoned in another way. */
  @Test
  void toString_anySet_isTheSumOfItsElements() {
    SetHash hash = new SetHash();
    BigInteger sum = BigInteger.ZERO;
    for (int i = 0; i < 100; i++) {
      hash.add("n" + i, "v" + i);
      hash.add("gone" + i, "");
      byte[] sha = Sha256.digest().digest(("n" + i + "\0v" + i).getBytes(StandardCharsets.UTF_8));
      sum = sum.add(new BigInteger(1, Arrays.copyOf(sha, 16)));
    }
    for (int i = 0; i < 100; i++) {
      hash.remove("gone" + i, "");
    }
    assertEquals(
        "%032x".formatted(sum.mod(BigInteger.ONE.shiftLeft(128))), hash.toString());
  }
}
