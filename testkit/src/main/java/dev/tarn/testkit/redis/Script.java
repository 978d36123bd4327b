package dev.tarn.testkit.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a {@link ReplayServer} answers to what: by whole commands, or by their names. */
final class Script {

  private final Map<Question, Answers> answers = new HashMap<>();
  private final Map<String, Function<List<String>, @Nullable Object>> handlers = new HashMap<>();

  private record Question(int protocol, List<String> command) {}

  /** The replies to one command, one after the other and then from the first again. */
  private static final class Answers {

    private final List<@Nullable Object> replies = new ArrayList<>();
    private int next;

    @Nullable Object next() {
      return replies.get(next++ % replies.size());
    }
  }

  /** Of a file of recorded replies, whose first line is how the server was set up. */
  synchronized void addRecorded(Path file) throws IOException {
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      if (Json.read(line) instanceof Map<?, ?> record && record.containsKey("reply")) {
        int protocol = ((Number) Objects.requireNonNull(record.get("protocol"))).intValue();
        List<?> command = (List<?>) Objects.requireNonNull(record.get("command"));
        add(protocol, new Reply.Raw(String.valueOf(record.get("reply"))), command.toArray());
      }
    }
  }

  synchronized void add(int protocol, @Nullable Object reply, Object... command) {
    List<String> words = Arrays.stream(command).map(String::valueOf).toList();
    answers.computeIfAbsent(question(protocol, words), each -> new Answers()).replies.add(reply);
  }

  synchronized void handle(String name, Function<List<String>, @Nullable Object> handler) {
    handlers.put(name.toUpperCase(Locale.ROOT), handler);
  }

  private static Question question(int protocol, List<String> command) {
    var words = new ArrayList<>(command);
    words.set(0, words.getFirst().toUpperCase(Locale.ROOT));
    return new Question(protocol, Collections.unmodifiableList(words));
  }

  /** The bytes to answer with and whether the connection ends; empty if nothing is known. */
  synchronized Optional<Answer> answer(int protocol, List<String> command) {
    Question question = question(protocol, command);
    Answers known = answers.get(question);
    if (known != null) {
      return Optional.of(Answer.of(known.next(), protocol));
    }
    return Optional.ofNullable(handlers.get(question.command().getFirst()))
        .map(handler -> Answer.of(handler.apply(command), protocol));
  }

  @SuppressWarnings("ArrayRecordComponent")
  record Answer(byte[] bytes, boolean isLast) {

    static Answer of(@Nullable Object reply, int protocol) {
      return new Answer(Reply.encode(reply, protocol), reply instanceof Reply.Truncated);
    }
  }
}
