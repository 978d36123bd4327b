package dev.tarn.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Tarn;
import dev.tarn.cli.shell.SqlLineParser.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.EOFError;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser.ParseContext;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlCompleterTest {

  @TempDir private Path folder;
  private final Tarn tarn = Tarn.open();

  @BeforeEach
  void makeTables() throws IOException {
    Files.writeString(folder.resolve("people.csv"), "name,birth year\nAda,1815\n");
    Files.createDirectory(folder.resolve("parts"));
    tarn.register("orders", tarn.sql("SELECT 1 AS order_id, 2.5 AS amount"));
  }

  @AfterEach
  void close() {
    tarn.close();
  }

  /** What is offered for the word at the end of the text, and begins like it. */
  private List<String> complete(String text) {
    var candidates = new ArrayList<Candidate>();
    Word word = Word.at(text, text.length());
    new SqlCompleter(new Names(tarn, Optional.empty())).complete(reader(), word, candidates);
    String begun = word.word().toLowerCase(java.util.Locale.ROOT);
    return candidates.stream()
        .map(Candidate::value)
        .filter(value -> value.toLowerCase(java.util.Locale.ROOT).startsWith(begun))
        .toList();
  }

  private static org.jline.reader.LineReader reader() {
    try {
      var terminal =
          new DumbTerminal(
              new java.io.ByteArrayInputStream(new byte[0]),
              java.io.OutputStream.nullOutputStream());
      return LineReaderBuilder.builder().terminal(terminal).build();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void tablesColumnsAndKeywordsAreOffered() {
    assertThat(complete("SELECT amo")).containsExactly("amount");
    assertThat(complete("SELECT * FROM ord")).contains("orders", "order_id");
    assertThat(complete("SEL")).containsExactly("SELECT");
  }

  @Test
  void keywordsFollowTheCaseOfTheWord() {
    assertThat(complete("sel")).containsExactly("select");
  }

  @Test
  void columnsOfAFileInTheQueryAreOfferedAndQuotedWhereNeeded() {
    String file = folder.resolve("people.csv").toString();
    assertThat(complete("SELECT name FROM '%s' WHERE nam".formatted(file))).contains("name");
    assertThat(complete("FROM '%s' WHERE \"bi".formatted(file))).contains("\"birth year\"");
  }

  @Test
  void pathsAreOfferedInQuotes() {
    assertThat(complete("FROM '" + folder + "/p"))
        .containsExactly(folder + "/parts/", folder + "/people.csv'");
  }

  @Test
  void commandsOfTheShellAreOfferedAfterABackslash() {
    assertThat(complete("\\for")).containsExactly("\\format");
    assertThat(complete("\\format nd")).containsExactly("ndjson");
    assertThat(complete("\\d ord")).containsExactly("orders");
    assertThat(complete("\\register p " + folder + "/peo")).containsExactly(folder + "/people.csv");
  }

  @Test
  void anEntryGoesOnUntilItsSemicolon() {
    var parser = new SqlLineParser();
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> parser.parse("SELECT 1", 8, ParseContext.ACCEPT_LINE))
        .isInstanceOf(EOFError.class);
    assertThat(parser.parse("SELECT 1;", 9, ParseContext.ACCEPT_LINE)).isNotNull();
    assertThat(parser.parse("\\d orders", 9, ParseContext.ACCEPT_LINE)).isNotNull();
  }
}
