package dev.tarn.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Java source that comes along in the jar: a method's first comment and its body, as written. */
final class SourceCode {

  private final String text;

  private SourceCode(String text) {
    this.text = text;
  }

  static SourceCode of(Class<?> type) {
    String name = type.getSimpleName() + ".java";
    try (InputStream in = type.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not beside its class");
      }
      return new SourceCode(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The comment before a method. */
  String comment(String method) {
    return find(method).group(1).replaceAll("\\s*\\n\\s*\\* ?", " ").strip();
  }

  /** What stands between the braces of a method, at the left margin. */
  String body(String method) {
    return find(method).group(2).stripIndent().stripTrailing();
  }

  private Matcher find(String method) {
    Matcher matcher =
        Pattern.compile(
                "\\n  /\\*\\* ((?:(?!\\*/).)*)\\*/\\n  \\w+ "
                    + Pattern.quote(method)
                    + "\\(\\) \\{\\n(.*?)\\n  \\}\\n",
                Pattern.DOTALL)
            .matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no method " + method);
    }
    return matcher;
  }
}
