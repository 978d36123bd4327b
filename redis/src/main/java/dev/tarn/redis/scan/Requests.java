package dev.tarn.redis.scan;

import dev.tarn.redis.wire.Command;

/** Where commands go. */
@FunctionalInterface
interface Requests {
  void send(Command command, byte[]... arguments);
}
