package dev.tarn.redis.write;

import dev.tarn.redis.wire.Resp;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done to one key: commands without their key, whose arguments are written as the protocol
 * wants them. Filled anew for each key, by one thread.
 */
final class Body {

  /** A script cannot hand more than some thousands to a command. */
  private static final int MOST_ARGUMENTS = 1000;

  private static final int KEPT_CAPACITY = 1 << 20;

  private Resp arguments = new Resp(4096);
  private final List<Part> parts = new ArrayList<>();
  private String name = "";
  private int count;
  private int begin;
  private int total;
  private boolean stopsAtFirst;

  /** A command: its arguments are in the buffer. */
  record Part(String name, int arguments, int begin, int end) {}

  void clear() {
    parts.clear();
    stopsAtFirst = false;
    count = 0;
    total = 0;
    begin = 0;
    if (arguments.bytes().length > KEPT_CAPACITY) {
      arguments = new Resp(4096);
    }
    arguments.truncate(0);
  }

  /** Begins a command. */
  Body command(String newName) {
    end();
    name = newName;
    return this;
  }

  /** Where the next argument goes. */
  Resp argument() {
    count++;
    total++;
    return arguments;
  }

  /** Whole elements have been added: the next may go into another command of the name. */
  void elementEnds() {
    if (count >= MOST_ARGUMENTS) {
      end();
    }
  }

  /** Ends the command, which is left out if it has no argument. */
  void end() {
    if (count > 0) {
      parts.add(new Part(name, count, begin, arguments.size()));
    }
    begin = arguments.size();
    count = 0;
  }

  /** A command that fails must keep those after it from being done. */
  void stopAtFirst() {
    stopsAtFirst = true;
  }

  boolean stopsAtFirst() {
    return stopsAtFirst && parts.size() > 1;
  }

  boolean isEmpty() {
    return total == 0;
  }

  int size() {
    return arguments.size();
  }

  int total() {
    return total;
  }

  List<Part> parts() {
    return parts;
  }

  byte[] bytes() {
    return arguments.bytes();
  }
}
