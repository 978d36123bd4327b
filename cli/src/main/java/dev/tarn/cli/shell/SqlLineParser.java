package dev.tarn.cli.shell;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Tells JLine when an entry is complete, and which word the cursor is in. */
final class SqlLineParser implements Parser {

  private static final String SEPARATORS = " \t\r\n,;()[]{}=<>+-*/%|.:";

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE
        && !Session.isCommand(line)
        && !Statements.of(line).isWhole()) {
      throw new EOFError(-1, -1, "no semicolon yet");
    }
    return Word.at(line, cursor);
  }

  /** Quotes and backslashes are the query's own. */
  @Override
  public boolean isEscapeChar(char c) {
    return false;
  }

  /**
   * The word before the cursor.
   *
   * @param quoting whether it stands in single quotes, as paths do
   */
  record Word(String line, int cursor, String word, Quoting quoting)
      implements CompletingParsedLine {

    enum Quoting {
      NONE,
      SINGLE
    }

    static Word at(String line, int cursor) {
      String before = line.substring(0, Math.min(cursor, line.length()));
      int quote = openQuote(before);
      if (quote >= 0) {
        return new Word(line, cursor, before.substring(quote + 1), Quoting.SINGLE);
      }
      int start = before.length();
      String separators = Session.isCommand(line) ? " \t" : SEPARATORS;
      while (start > 0 && separators.indexOf(before.charAt(start - 1)) < 0) {
        start--;
      }
      return new Word(line, cursor, before.substring(start), Quoting.NONE);
    }

    private static int openQuote(String text) {
      int open = -1;
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) == '\'') {
          open = open < 0 ? i : -1;
        }
      }
      return open;
    }

    /** What stands before the word. */
    String before() {
      return line.substring(0, Math.min(cursor, line.length()) - word.length());
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return word.length();
    }

    @Override
    public int rawWordLength() {
      return word.length();
    }

    @Override
    public int wordCursor() {
      return word.length();
    }

    @Override
    public int wordIndex() {
      return 0;
    }

    @Override
    public List<String> words() {
      return List.of(word);
    }
  }
}
