package dev.tarn.redis.write;

import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.ServerError;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the answers to an item mean. */
sealed interface Verdict {

  record Done(@Nullable Object reply) implements Verdict {}

  record Existed() implements Verdict {}

  record Refused(ServerError error) implements Verdict {

    private static final Set<String> OF_DATA = Set.of("WRONGTYPE", "ERR");

    /** Whether it is the data that is wrong, not what the server allows now. */
    boolean isLasting() {
      return OF_DATA.stream().anyMatch(error::is);
    }

    String reason() {
      String text = error.brief();
      int script = text.indexOf(" script: ");
      return script < 0 ? text : text.substring(0, script).replaceFirst("[,.]+$", "");
    }
  }

  /** A part of it was done, or all of it one command after another, for MULTI was refused. */
  record Loose(ServerError error) implements Verdict {}

  static Verdict of(Item.Form form, List<@Nullable Object> replies) {
    ServerError error = error(replies);
    if (error != null) {
      return isLoose(form, replies) ? new Loose(error) : new Refused(error);
    }
    Object last = replies.getLast();
    return switch (form) {
      case NEW_STRING -> last == null ? new Existed() : new Done(last);
      case SCRIPT -> Long.valueOf(0).equals(last) ? new Existed() : new Done(last);
      case TRANSACTION, LAST_PART -> last == null ? new Existed() : transaction(last);
      case COMMAND, FIRST_PART, PART, DISCARD -> new Done(last);
    };
  }

  private static boolean isLoose(Item.Form form, List<@Nullable Object> replies) {
    if (!(replies.getFirst() instanceof ServerError)) {
      return false;
    }
    return switch (form) {
      case FIRST_PART -> true;
      case TRANSACTION -> !replies.stream().allMatch(ServerError.class::isInstance);
      default -> false;
    };
  }

  private static Verdict transaction(Object reply) {
    List<?> answers = Link.list(reply);
    ServerError error = error(answers);
    if (error == null) {
      return new Done(reply);
    }
    boolean isNone = answers.stream().allMatch(ServerError.class::isInstance);
    return isNone || error.isPassing() ? new Refused(error) : new Loose(error);
  }

  /** The first that says why: that a transaction was given up says nothing. */
  private static @Nullable ServerError error(List<?> replies) {
    ServerError given = null;
    for (Object reply : replies) {
      if (reply instanceof ServerError error) {
        if (!error.is("EXECABORT")) {
          return error;
        }
        given = error;
      }
    }
    return given;
  }
}
