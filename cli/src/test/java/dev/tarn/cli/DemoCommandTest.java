package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @TempDir private Path folder;

  private CommandRun demo() {
    return CommandRun.of("demo", "--dir", folder.toString(), "--rows", "50,000");
  }

  @Test
  void fiveQuestionsAreAnsweredWithCodeRowsPlanAndTime() {
    CommandRun run = demo();
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.lines()).filteredOn(line -> line.matches("\\d\\. .*\\?")).hasSize(6);
    assertThat(run.lines()).filteredOn(line -> line.startsWith("time  ")).hasSize(7);
    assertThat(run.lines()).filteredOn(line -> line.startsWith("plan  ")).hasSize(7);
    assertThat(run.out())
        .contains(".groupBy(\"category\")", "c.country = ?", "lag(\"order_date\", 1).over(")
        .contains("sales: 12 of 36 files, 2 of 9 columns, where (year = 2025)")
        .contains("6. Customers change.", ".upsert();")
        .contains(
            "7. What have those who are in the shop right now spent", "redis hashes session:*");
    assertThat(folder.resolve("customers.csv")).exists();
  }

  @Test
  void itFitsATerminalOfAHundredColumns() {
    assertThat(demo().out().replace(folder.toString(), "/tmp/tarn-demo-user").lines())
        .allMatch(line -> line.length() <= 100);
  }

  @Test
  void everyRunGivesTheSameAnswers() {
    String first = withoutTimes(demo().out());
    assertThat(withoutTimes(demo().out())).isEqualTo(first);
  }

  private static String withoutTimes(String out) {
    return out.replaceAll("\\d+\\.\\d+ (s|MB)\\b|redis://127[.\\d:]+", "");
  }

  @Test
  void theCommandsToTryNextWork() {
    List<String[]> commands =
        Pattern.compile("  \\./tarn (sql|explain) \"(.*)\"")
            .matcher(demo().out())
            .results()
            .map(match -> new String[] {match.group(1), match.group(2)})
            .toList();
    assertThat(commands).hasSize(3);
    for (String[] command : commands) {
      assertThat(CommandRun.of(command).err()).isEmpty();
    }
    CommandRun shell =
        CommandRun.withInput(
            "\\register sales %s\nFROM sales LIMIT 1;".formatted(folder.resolve("sales")), "shell");
    assertThat(shell.status()).isZero();
    assertThat(Files.isDirectory(folder.resolve("sales"))).isTrue();
  }

  @Test
  void aNumberOfRowsThatIsNoneIsAWrongCommandLine() {
    CommandRun run = CommandRun.of("demo", "--rows", "many");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("Cannot make many sales").hasLineCount(1);
  }
}
