package dev.tarn.guide;

import dev.tarn.guide.GuidePage.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A page as one Java class, its blocks and commands in the order of the page, and what each must
 * print.
 *
 * @param pageLines the line of the page for each line of the source; 0 for a line that has none
 */
record GuideProgram(
    GuidePage page, String className, String source, List<Integer> pageLines, List<Step> steps) {

  private static final Pattern IMPORT = Pattern.compile("import .*;");
  private static final Pattern DECLARATION =
      Pattern.compile(
          "((public|private|static|final|sealed) )*(record|enum|interface|class) .*|static .*"
              + "|void \\w+\\(.*\\) .*\\{");
  private static final Pattern MAIN = Pattern.compile("void main\\(\\) .*\\{");

  /**
   * Something that runs.
   *
   * @param line where it stands in the page
   * @param expected what it must print; empty where the page does not say
   */
  record Step(int line, Optional<Expected> expected) {}

  /** Lines that must be printed, and where the first of them is in the page. */
  record Expected(int line, List<String> text) {}

  static GuideProgram of(GuidePage page) {
    return new Builder(page).build();
  }

  /** Puts the class together. */
  private static final class Builder {
    private final GuidePage page;
    private final List<Line> imports = new ArrayList<>();
    private final List<Line> members = new ArrayList<>();
    private final List<Line> body = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    private record Line(int pageLine, String text) {}

    Builder(GuidePage page) {
      this.page = page;
    }

    GuideProgram build() {
      List<Block> blocks = page.blocks();
      for (int i = 0; i < blocks.size(); i++) {
        Block block = blocks.get(i);
        switch (block.language()) {
          case "java" -> java(block, i + 1 < blocks.size() ? blocks.get(i + 1) : null);
          case "sh" -> commands(block);
          case "text" -> requireJavaBefore(block, i > 0 ? blocks.get(i - 1) : null);
          default -> {}
        }
      }
      return program();
    }

    private void requireJavaBefore(Block block, Block before) {
      if (before == null || !before.language().equals("java") || noRun(before)) {
        throw new AssertionError(
            at(block.line()) + "a text block must follow the java block that prints it");
      }
    }

    private static boolean noRun(Block block) {
      return block.marks().contains("no-run");
    }

    private void java(Block block, Block next) {
      body.add(new Line(0, noRun(block) ? "if (GuideMarks.never()) {" : ""));
      boolean hasMain = statements(block);
      if (hasMain) {
        body.add(new Line(block.line(), "main();"));
      }
      if (noRun(block)) {
        body.add(new Line(0, "}"));
        return;
      }
      boolean printed = next != null && next.language().equals("text");
      end(
          block.line(),
          printed ? Optional.of(new Expected(next.line(), next.text())) : Optional.empty());
    }

    /** Sorts the lines of a block into imports, members and statements; says if it has a main. */
    private boolean statements(Block block) {
      boolean main = false;
      int depth = 0;
      boolean member = false;
      for (int i = 0; i < block.text().size(); i++) {
        String text = block.text().get(i);
        var line = new Line(block.line() + i, text);
        if (depth == 0 && IMPORT.matcher(text).matches()) {
          imports.add(line);
          continue;
        }
        if (depth == 0 && !member) {
          member = DECLARATION.matcher(text).matches();
          main |= MAIN.matcher(text).matches();
        }
        (member ? members : body).add(line);
        depth += count(text, '{') - count(text, '}');
        member &= depth > 0 || !(text.endsWith("}") || text.endsWith(";"));
      }
      return main;
    }

    private static int count(String text, char wanted) {
      return (int) text.chars().filter(c -> c == wanted).count();
    }

    private void commands(Block block) {
      if (!block.text().isEmpty() && !block.text().get(0).startsWith("$ ")) {
        return;
      }
      if (noRun(block)) {
        return;
      }
      int next = 0;
      while (next < block.text().size()) {
        int line = block.line() + next;
        String command = block.text().get(next).substring(2);
        next++;
        while (command.endsWith("\\") && next < block.text().size()) {
          command = command.substring(0, command.length() - 1) + block.text().get(next);
          next++;
        }
        var expected = new ArrayList<String>();
        int first = block.line() + next;
        while (next < block.text().size() && !block.text().get(next).startsWith("$ ")) {
          expected.add(block.text().get(next));
          next++;
        }
        command(line, command, new Expected(first, List.copyOf(expected)));
      }
    }

    private void command(int line, String command, Expected expected) {
      boolean showsExit = command.endsWith("; echo $?");
      List<String> words =
          GuideText.words(showsExit ? command.substring(0, command.length() - 9) : command);
      if (words.isEmpty() || !List.of("./tarn", "tarn").contains(words.get(0))) {
        throw new AssertionError(at(line) + "only ./tarn can be run, not: " + command);
      }
      var call = new StringBuilder("GuideMarks.command(" + showsExit);
      words.stream().skip(1).forEach(word -> call.append(", ").append(GuideText.literal(word)));
      body.add(new Line(line, call.append(");").toString()));
      end(line, Optional.of(expected));
    }

    private void end(int line, Optional<Expected> expected) {
      body.add(new Line(0, "GuideMarks.end(" + steps.size() + ");"));
      steps.add(new Step(line, expected));
    }

    private String at(int line) {
      return page.name() + ":" + line + ": ";
    }

    private GuideProgram program() {
      String className = "Page_" + page.name().replaceAll("\\W", "_");
      var all = new ArrayList<Line>();
      all.add(new Line(0, "import module java.base;"));
      all.add(new Line(0, "import dev.tarn.guide.GuideMarks;"));
      all.addAll(imports);
      all.add(new Line(0, "public class " + className + " implements GuideMarks.Page {"));
      all.add(new Line(0, "dev.tarn.Tarn tarn;"));
      all.addAll(members);
      all.add(new Line(0, "@Override public void run(dev.tarn.Tarn open) throws Exception {"));
      all.add(new Line(0, "tarn = open;"));
      all.addAll(body);
      all.add(new Line(0, "}}"));
      return new GuideProgram(
          page,
          className,
          String.join("\n", all.stream().map(Line::text).toList()),
          all.stream().map(Line::pageLine).toList(),
          List.copyOf(steps));
    }
  }

  /** {@code page:line} for a line of the source. */
  String place(long sourceLine) {
    int line = 0;
    for (long i = sourceLine; i > 0 && line == 0; i--) {
      line = i <= pageLines.size() ? pageLines.get((int) i - 1) : 0;
    }
    return page.name() + ":" + line;
  }
}
