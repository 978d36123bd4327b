package dev.tarn.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.guide.GuideRunner.Difference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page with something wrong in it must not pass. */
class GuideRunnerTest {

  @TempDir private Path work;

  @Test
  void aPageThatIsRightPasses() throws Exception {
    assertThat(
            run(
                """
                # A page
                ```java
                import static dev.tarn.Columns.*;

                record Pair(int a, String b) {}
                var pairs = tarn.rows(Pair.class, List.of(new Pair(1, "x"), new Pair(2, "y")));
                System.out.println(twice(pairs.collect().size()));

                static int twice(int n) {
                  return 2 * n;
                }
                ```
                That prints
                ```text
                4
                ```
                ```java
                System.out.println(pairs.select(sum("a").as("a")).collect().value());
                Files.writeString(Path.of("here.txt"), "in a folder of its own");
                System.out.println("took 17 ms\\nand more\\nand more\\nend");
                ```
                ```text
                3
                took … ms
                …
                end
                ```
                ```java no-run
                pairs.write(null);
                ```
                ```sh
                ./mvnw install
                ```
                """))
        .isEmpty();
  }

  @Test
  void aLineThatWasNotPrintedFails() throws Exception {
    List<Difference> differences =
        run(
            """
            # A page
            ```java
            System.out.println("one");
            ```
            ```text
            one
            ```
            ```java
            System.out.println("two");
            ```
            ```text
            three
            ```
            """);
    assertThat(differences).hasSize(1);
    assertThat(differences.get(0))
        .hasToString("page.md:12: this is not what was printed:\nthree\n---- printed:\ntwo\n----");
  }

  @Test
  void aLineTooManyOrTooFewFails() throws Exception {
    assertThat(run(printing("a\\nb", "a"))).hasSize(1);
    assertThat(run(printing("a", "a\nb"))).hasSize(1);
    assertThat(run(printing("ab", "a"))).hasSize(1);
    assertThat(run(printing("a.b", "a…b"))).isEmpty();
  }

  @Test
  void aLineThatDoesNotCompileFailsWithItsPlace() {
    assertThatThrownBy(() ->
            run(
                """
                # A page

                ```java
                import static dev.tarn.Columns.*;
                var a = col("a");
                var b = colum("b");
                ```
                """))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("page.md:6: ")
        .hasMessageContaining("colum");
  }

  @Test
  void aBlockThatIsNotRunMustCompile() {
    assertThatThrownBy(() -> run("```java no-run\ntarn.nothing();\n```\n"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("page.md:2: ");
  }

  @Test
  void aLineThatThrowsFailsWithItsPlace() {
    assertThatThrownBy(
            () -> run("```java\nSystem.out.println(1);\n```\n```java\ntarn.table(\"no\");\n```\n"))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("page.md:5: dev.tarn.error.InvalidRequest: Cannot find table no");
  }

  @Test
  void aCommandMustExitAndPrintAsThePageSays() throws Exception {
    assertThat(run("```sh\n$ ./tarn version\ntarn …\n```\n")).isEmpty();
    assertThat(run("```sh\n$ ./tarn version\nswan …\n```\n")).hasSize(1);
    assertThat(run("```sh\n$ tarn version; echo $?\n…\n0\n```\n")).isEmpty();
    assertThatThrownBy(() -> run("```sh\n$ ./tarn no-such-command\n…\n```\n"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("page.md:2: ")
        .hasMessageContaining("exit code 2");
    assertThatThrownBy(() -> run("```sh\n$ ls\n```\n"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("page.md:2: ");
  }

  @Test
  void writingWhatWasPrintedKeepsPlaceholders() {
    assertThat(
            GuideText.withPlaceholders(
                List.of("took … ms", "old", "…"), List.of("", "took 5 ms", "new", "took long")))
        .containsExactly("took … ms", "new", "took long");
  }

  @Test
  void textThatNothingPrintedFails() {
    assertThatThrownBy(() -> run("```text\nalone\n```\n"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("page.md:2: ");
  }

  private static String printing(String printed, String expected) {
    return "```java\nSystem.out.println(\"%s\");\n```\n```text\n%s\n```\n"
        .formatted(printed, expected);
  }

  private List<Difference> run(String page) throws Exception {
    Path data = work.resolve("data");
    Files.createDirectories(data);
    return new GuideRunner(data, work, "").run(GuidePage.of("page.md", page.lines().toList()));
  }
}
