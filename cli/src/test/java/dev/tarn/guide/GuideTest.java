package dev.tarn.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.guide.GuideRunner.Difference;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.testkit.redis.SearchServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documentation, compiled and run: every {@code java} block of the README and the guide, every
 * {@code sh} block of {@code tarn} commands, and what the pages say they print. {@code
 * -Dtarn.guide.page=frames} runs one page; {@code -Dtarn.guide.write=true} puts what was printed
 * into the pages where it differs.
 */
class GuideTest {

  /** A link to a file of the project. */
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)[^)]*\\)");

  @TempDir private static Path work;
  private static Path data;
  private static @Nullable RedisServer server;

  @BeforeAll
  static void writeData() throws IOException {
    data = Files.createDirectory(work.resolve("data"));
    GuideData.write(data);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  /** The server of the pages on Redis; the page is skipped where Redis is not installed. */
  private static String server() throws IOException, InterruptedException {
    if (server == null) {
      server = SearchServer.start();
    }
    GuideKeys.write(server);
    return server.url();
  }

  @TestFactory
  Stream<DynamicTest> pagesDoWhatTheySay() throws IOException {
    String only = System.getProperty("tarn.guide.page", "");
    return pages().stream()
        .filter(file -> file.toString().contains(only))
        .map(
            file -> DynamicTest.dynamicTest(root().relativize(file).toString(), () -> check(file)));
  }

  @Test
  void linksLeadToFiles() throws IOException {
    var broken = new ArrayList<String>();
    for (Path file : documents()) {
      Matcher link = LINK.matcher(Files.readString(file));
      while (link.find()) {
        if (!Files.exists(file.resolveSibling(link.group(1)))) {
          broken.add(root().relativize(file) + ": " + link.group(1));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  /** The documentation in the root and below docs/. */
  private static List<Path> documents() throws IOException {
    try (Stream<Path> root = Files.list(root());
        Stream<Path> docs = Files.walk(root().resolve("docs"))) {
      return Stream.concat(root, docs).filter(p -> p.toString().endsWith(".md")).toList();
    }
  }

  private static void check(Path file) throws IOException, InterruptedException {
    GuidePage page = GuidePage.read(root(), file);
    List<Difference> differences =
        new GuideRunner(data, work, usesRedis(page) ? server() : "").run(page);
    if (differences.isEmpty()) {
      return;
    }
    if (Boolean.getBoolean("tarn.guide.write")) {
      Files.write(file, rewritten(page, differences));
    } else {
      throw new AssertionError(
          String.join("\n\n", differences.stream().map(Difference::toString).toList()));
    }
  }

  private static boolean usesRedis(GuidePage page) {
    return page.name().contains("redis");
  }

  private static List<String> rewritten(GuidePage page, List<Difference> differences) {
    var lines = new ArrayList<>(page.lines());
    for (Difference difference : differences.reversed()) {
      int from = difference.expected().line() - 1;
      lines.subList(from, from + difference.expected().text().size()).clear();
      lines.addAll(
          from, GuideText.withPlaceholders(difference.expected().text(), difference.printed()));
    }
    return lines;
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> guide = Files.list(root().resolve("docs/guide"))) {
      var pages =
          new ArrayList<>(guide.filter(p -> p.toString().endsWith(".md")).sorted().toList());
      pages.add(root().resolve("README.md"));
      return pages;
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("docs/guide"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
