package dev.tarn.guide;

import dev.tarn.guide.GuideProgram.Expected;
import dev.tarn.guide.GuideProgram.Step;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles a page, runs it in a folder of its own, and compares what it prints. */
final class GuideRunner {

  private static final long SECONDS = 60;
  private static final Pattern STEP = Pattern.compile("\u0001end (\\d+)\n");

  private final Path data;
  private final Path work;
  private final String redis;

  /**
   * A runner.
   *
   * @param data the files that a page finds in its folder
   * @param work where the folders of pages are made
   * @param redis the URL of a server; empty for none
   */
  GuideRunner(Path data, Path work, String redis) {
    this.data = data;
    this.work = work;
    this.redis = redis;
  }

  /** What a step printed that is not what the page says. */
  record Difference(String place, Expected expected, List<String> printed) {
    @Override
    public String toString() {
      return "%s: this is not what was printed:\n%s\n---- printed:\n%s\n----"
          .formatted(
              place,
              String.join("\n", GuideText.trimmed(expected.text())),
              String.join("\n", GuideText.trimmed(printed)));
    }
  }

  /**
   * The differences between what a page says and what it prints.
   *
   * @throws AssertionError with page and line when it does not compile or fails
   */
  List<Difference> run(GuidePage page) throws IOException, InterruptedException {
    GuideProgram program = GuideProgram.of(page);
    Path classes = Files.createTempDirectory(work, "classes-");
    compile(program, classes);
    return program.steps().isEmpty() ? List.of() : compare(program, execute(program, classes));
  }

  private static void compile(GuideProgram program, Path classes) {
    var source =
        new SimpleJavaFileObject(
            URI.create("string:///" + program.className() + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return program.source();
          }
        };
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                null,
                null,
                diagnostics,
                List.of("-proc:none", "-g", "-cp", classPath(), "-d", classes.toString()),
                null,
                List.of(source))
            .call();
    if (!compiled) {
      throw new AssertionError(
          String.join(
              "\n",
              diagnostics.getDiagnostics().stream()
                  .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                  .map(d -> program.place(d.getLineNumber()) + ": " + d.getMessage(null))
                  .toList()));
    }
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  private String execute(GuideProgram program, Path classes)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(work, "page-");
    copy(data, folder);
    Path output = Files.createTempFile(work, "output-", ".txt");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--") || argument.startsWith("-javaagent:"))
        .forEach(command::add);
    Collections.addAll(
        command,
        "-XX:TieredStopAtLevel=1",
        "-Duser.language=en",
        "-Duser.country=US",
        "-Duser.timezone=UTC",
        "-Dstdout.encoding=UTF-8",
        "-Dstderr.encoding=UTF-8",
        "-Dguide.redis=" + redis,
        "-cp",
        classPath(),
        GuideMarks.class.getName(),
        classes.toString(),
        program.className());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("TARN_REDIS", redis);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          program.page().name() + ": it did not end within " + SECONDS + " seconds");
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  private static List<Difference> compare(GuideProgram program, String output) {
    var differences = new ArrayList<Difference>();
    List<Step> steps = program.steps();
    String[] printed = STEP.split(output, -1);
    for (int i = 0; i < steps.size(); i++) {
      if (i >= printed.length - 1) {
        throw failure(program, steps.get(i), printed[printed.length - 1]);
      }
      Step step = steps.get(i);
      List<String> lines = printed[i].lines().toList();
      step.expected()
          .filter(expected -> !GuideText.matches(expected.text(), lines))
          .ifPresent(expected ->
              differences.add(
                  new Difference(program.page().name() + ":" + expected.line(), expected, lines)));
    }
    return differences;
  }

  /** What was thrown, at the line of the page that threw it. */
  private static AssertionError failure(GuideProgram program, Step step, String rest) {
    String trace = rest.replaceFirst("(?s)^.*" + GuideMarks.FAILED, "");
    var line = Pattern.compile(program.className() + "\\.java:(\\d+)").matcher(trace);
    String place =
        line.find()
            ? program.place(Long.parseLong(line.group(1)))
            : program.page().name() + ":" + step.line();
    return new AssertionError(place + ": " + trace.strip());
  }
}
