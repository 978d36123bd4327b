package dev.tarn.failure;

import static dev.tarn.testkit.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Tarn;
import dev.tarn.error.BadData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * CSV whose lines do not have the same number of values. DuckDB by itself reads some of these as
 * one column, or leaves lines out without a word.
 */
class RaggedCsvTest {

  private static Tarn tarn;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    tarn = Tarn.open();
  }

  @AfterAll
  static void close() {
    tarn.close();
  }

  @AfterEach
  void theNextQueryWorks() throws IOException {
    Path good = Files.writeString(folder.resolve("good.csv"), "a,b\n1,x\n2,y\n");
    assertThat(tarn.csv(good.toString()).collect().size()).isEqualTo(2);
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("ragged.csv"), text).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b,c\n1,2,3\n4,5,6,7\n8,9,10\n",
        "a,b,c\n1,2,3\n4,5\n8,9,10\n",
        "a,b,c\n1,2\n4,5,6\n8,9,10\n",
        "a,b,c\n1,2,3,4\n4,5,6\n8,9,10\n",
        "a,b\n1,2,3\n4,5,6\n",
        "a,b,c,d\n1,2,3\n4,5,6\n",
        "a,b,c\n1,2\n3,4\n",
        "a,b,c\n1,2,3\n4,5,6\nTotal\n",
        "a;b;c\n1;2;3\n4;5;6;7\n8;9;10\n",
        "a;b;c\n1;2;3\n4;5\n8;9;10\n",
        "a\tb\n1\t2\n3\n",
        "a|b\n1|2|3\n4|5\n",
        "name,age\nann,1\nbob\ncid,2,x\n"
      })
  void aFileWithALineThatDoesNotFitIsRefused(String text) throws IOException {
    String file = file(text);
    for (int route = 0; route < 2; route++) {
      boolean sql = route == 1;
      assertRefused(
          BadData.class,
          "Cannot read \\[" + Pattern.quote(file) + "\\]: .*",
          () -> (sql ? tarn.sql("FROM '" + file + "'") : tarn.csv(file)).collect());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t", "|"})
  void aLineFarDownThatDoesNotFitIsNamedByItsNumber(String separator) throws IOException {
    for (String line : new String[] {"1,2,3,4", "1,2"}) {
      var text = new StringBuilder("a,b,c\n");
      for (int i = 0; i < 30_000; i++) {
        text.append(i).append(",x,").append(i).append('\n');
      }
      String file = file(text.append(line).append("\n9,9,9\n").toString().replace(",", separator));
      assertRefused(
          BadData.class,
          "Cannot read \\["
              + Pattern.quote(file)
              + "\\]: line 30002: Expected Number of Columns: 3 Found: "
              + line.split(",").length
              + "\\. Mend the line, or read with another schema or separator\\.",
          () -> tarn.csv(file).collect());
    }
  }

  @Test
  void aMessageSaysWhatToDo() throws IOException {
    String file = file("a,b,c\n1,2,3\n4,5,6,7\n");
    assertRefused(
        BadData.class,
        "Cannot read \\[.*\\]: the lines of \\[.*ragged.csv\\] do not have the same number of values\\."
            + " Mend the file, or say its separator, quote and header\\.",
        () -> tarn.csv(file));
  }

  @Test
  void aFileOfOneColumnIsNotTakenForARaggedOne() throws IOException {
    assertThat(tarn.csv(file("name\nDoe\nRoe, Jane\n")).collect().column("name"))
        .containsExactly("Doe", "Roe, Jane");
    assertThat(tarn.csv(file("n\n1\n2\n")).collect().column("n")).containsExactly(1L, 2L);
  }

  @Test
  void quotedLineBreaksAndEmptyValuesAreNotRagged() throws IOException {
    assertThat(tarn.csv(file("a,b\n1,\"x\n2,y\"\n3,\n")).collect().column("b"))
        .containsExactly("x\n2,y", null);
  }
}
