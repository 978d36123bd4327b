package dev.tarn.redis;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Tarn;
import dev.tarn.testkit.redis.ReplayServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server that answers as a test says, and what reads it. */
abstract class ReplayTest {

  ReplayServer server;
  Tarn tarn;

  @BeforeEach
  void openServer() throws Exception {
    tarn = Tarn.open();
    server = ReplayServer.start().handle("INFO", words -> "run_id:1\r\n");
  }

  @AfterEach
  void closeServer() {
    tarn.close();
    server.close();
  }

  Redis redis(int protocol) {
    return Redis.open(server.url() + "?protocol=" + protocol, tarn.engine());
  }

  static List<Row> rows(Frame frame) {
    return frame.collect().stream().toList();
  }

  /** What it was asked by a command, in order. */
  List<List<String>> sent(String command) {
    return server.commands().stream().filter(words -> words.getFirst().equals(command)).toList();
  }
}
