package dev.tarn.redis.wire;

import java.util.regex.Pattern;

/**
 * What a server answered instead of a result.
 *
 * @param message as it came, of a script's error what its command said; the first word says what
 *     kind it is
 */
public record ServerError(String message) {

  /** What Redis 6 puts before the error of a command in a script. */
  private static final Pattern OF_SCRIPT =
      Pattern.compile("^ERR Error running script \\(call to \\S+\\): (@user_script: ?\\d+: )+-?");

  public ServerError {
    message = OF_SCRIPT.matcher(message).replaceFirst("");
  }

  /** Whether it begins with a word such as {@code WRONGTYPE}. */
  public boolean is(String kind) {
    return message.startsWith(kind)
        && (message.length() == kind.length() || message.charAt(kind.length()) == ' ');
  }

  /** For messages: servers repeat arguments that they do not know, passwords among them. */
  public String brief() {
    int arguments = message.indexOf("with args beginning with");
    String text = arguments < 0 ? message : message.substring(0, arguments);
    return text.strip().replaceFirst("[,.]+$", "");
  }

  /** Whether another server, or the same in a moment, may give the result. */
  public boolean isPassing() {
    return isElsewhere()
        || is("LOADING")
        || is("CLUSTERDOWN")
        || is("MASTERDOWN")
        || is("READONLY")
        || is("BUSY");
  }

  /** Whether another server of the cluster has the key. */
  public boolean isElsewhere() {
    return is("MOVED") || is("ASK") || is("TRYAGAIN");
  }

  /** Without what could be secret. */
  @Override
  public String toString() {
    return brief();
  }
}
