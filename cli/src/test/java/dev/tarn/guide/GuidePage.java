package dev.tarn.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Markdown page: its lines, and the fenced blocks in them. Lines count from 1. */
record GuidePage(String name, List<String> lines, List<Block> blocks) {

  private static final Pattern FENCE = Pattern.compile("```\\s*(\\S*)\\s*(.*?)\\s*");

  /**
   * A fenced block: its language, what else its fence says, and where its first line of text is.
   */
  record Block(String language, String marks, int line, List<String> text) {}

  static GuidePage read(Path root, Path file) throws IOException {
    return of(root.relativize(file).toString(), Files.readAllLines(file));
  }

  static GuidePage of(String name, List<String> lines) {
    var blocks = new ArrayList<Block>();
    int next = 0;
    while (next < lines.size()) {
      Optional<Matcher> fence = fence(lines.get(next));
      next++;
      if (fence.isPresent()) {
        int start = next;
        while (next < lines.size() && fence(lines.get(next)).isEmpty()) {
          next++;
        }
        if (next == lines.size()) {
          throw new AssertionError(name + ":" + start + ": the block has no end");
        }
        blocks.add(
            new Block(
                fence.get().group(1),
                fence.get().group(2),
                start + 1,
                List.copyOf(lines.subList(start, next))));
        next++;
      }
    }
    return new GuidePage(name, List.copyOf(lines), List.copyOf(blocks));
  }

  private static Optional<Matcher> fence(String line) {
    Matcher matcher = FENCE.matcher(line);
    return matcher.matches() ? Optional.of(matcher) : Optional.empty();
  }
}
