package dev.tarn.redis.wire;

/** A command with its arguments. The arrays belong to it. */
public record Request(Command command, byte[]... arguments) {}
