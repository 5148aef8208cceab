package io.isoline.translator.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UserListTest {

  private static UserList.Usable file(String text) {
    return assertInstanceOf(
        UserList.Usable.class,
        UserList.ofFile(ByteString.copyFrom(text, StandardCharsets.ISO_8859_1)));
  }

  private static UserList.Usable map(Map<String, String> data) {
    TreeMap<String, ByteString> bytes = new TreeMap<>();
    data.forEach((key, value) -> bytes.put(key, ByteString.copyFromUtf8(value)));
    return assertInstanceOf(UserList.Usable.class, UserList.ofMap(bytes));
  }

  private static List<String> said(UserList.Usable list) {
    return list.problems().stream().map(UserList.Problem::toString).toList();
  }

  @Test
  void file_commentsAndEmptyLines_areLeftOut() {
    UserList.Usable list =
        file("# of 2026\n\nada:{PLAIN}pw\r\nbob:{PLAIN}x:moved to sales\n\r\n#carl:{PLAIN}y");
    assertEquals("ada:{PLAIN}pw\nbob:{PLAIN}x\n", list.text());
    assertEquals(List.of(), said(list));
  }

  @Test
  void file_lastLineWithoutAFeed_counts() {
    assertEquals("ada:{PLAIN}pw\n", file("ada:{PLAIN}pw").text());
  }

  @Test
  void file_empty_letsNobodyPass() {
    assertEquals("", file("").text());
    assertEquals(List.of(), said(file("")));
  }

  @Test
  void file_brokenLine_isNamedByItsNumber_andTheOthersStay() {
    UserList.Usable list =
        file("no colon\n:{PLAIN}x\nada:secret\nbob:\ncarl:{PLAIN}pw\nd\tx:{PLAIN}pw\n");
    assertEquals("carl:{PLAIN}pw\n", list.text());
    assertEquals(
        List.of(
            "line 1: has no colon between user and hash, so it is left out",
            "line 2: has no user before the colon, so it is left out",
            "line 3: expected a hash of bcrypt, apr1, {SHA}, {SSHA}, $5$, $6$ or DES, as htpasswd"
                + " makes them; the user cannot log in",
            "line 4: has no hash after the colon, so the user cannot log in",
            "line 6: the user is longer than 255 characters or has a control character, so it is"
                + " left out"),
        said(list));
  }

  @Test
  void file_leadingBlank_isPartOfTheUser() {
    UserList.Usable list = file("  ada:{PLAIN}pw\n");
    assertEquals("  ada:{PLAIN}pw\n", list.text());
    assertEquals(
        List.of("line 1: begins with a blank, which is part of the user's name then"), said(list));
  }

  @Test
  void file_userTwice_firstLineCounts() {
    UserList.Usable list = file("ada:{PLAIN}a\nada:{PLAIN}b\n");
    assertEquals("ada:{PLAIN}a\n", list.text());
    assertEquals(
        List.of("line 2: has the user of line 1 again; that line counts, and not this one"),
        said(list));
  }

  /** nginx finds the first line and refuses by it; the second must not open what that closes. */
  @Test
  void file_userTwiceAndFirstBroken_isNotLetInByTheSecond() {
    assertEquals("", file("ada:junk\nada:{PLAIN}b\n").text());
  }

  @Test
  void file_bytesThatAreNoUtf8_areRefused() {
    UserList.Usable list = file("\u00e4da:{PLAIN}pw\nbob:{PLAIN}\u00e4\n");
    assertEquals("", list.text());
    assertEquals(2, list.problems().size());
  }

  @Test
  void file_manyProblems_areCounted() {
    UserList.Usable list = file("junk\n".repeat(1_000));
    assertEquals(UserList.MAX_PROBLEMS, list.problems().size());
    assertEquals(1_000 - UserList.MAX_PROBLEMS, list.furtherProblems());
  }

  @Test
  void file_missing_isUnusable() {
    UserList.Unusable list = assertInstanceOf(UserList.Unusable.class, UserList.ofFile(null));
    assertEquals("the Secret has no key \"auth\"", list.message());
  }

  @Test
  void file_tooLong_isUnusable() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() <= UserList.MAX_BYTES; i++) {
      text.append("user").append(i).append(":{PLAIN}pw\n");
    }
    UserList.Unusable list =
        assertInstanceOf(
            UserList.Unusable.class,
            UserList.ofFile(ByteString.copyFromUtf8(text.toString())));
    assertTrue(list.message().contains("65,536"), list.message());
    String fits = text.substring(0, text.lastIndexOf("user"));
    assertEquals(fits, file(fits).text());
  }

  @Test
  void map_keysAreUsers() {
    UserList.Usable list =
        map(Map.of("bob", "{PLAIN}b\n", "ada", "{PLAIN}a", "eve", "{PLAIN}e\nmallory:{PLAIN}m"));
    assertEquals("ada:{PLAIN}a\nbob:{PLAIN}b\n", list.text());
    assertEquals(
        List.of("key \"eve\": has more than one line, so the user cannot log in"), said(list));
  }

  @Test
  void toString_doesNotShowTheList() {
    assertEquals("list of 14 bytes, problems: []", file("ada:{PLAIN}pw\n").toString());
  }
}
