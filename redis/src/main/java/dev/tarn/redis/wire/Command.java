package dev.tarn.redis.wire;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import redis.clients.jedis.commands.ProtocolCommand;

/** The name of a command, as it is sent. */
public final class Command implements ProtocolCommand {

  public static final Command ASKING = of("ASKING");
  public static final Command AUTH = of("AUTH");
  public static final Command CLIENT = of("CLIENT");
  public static final Command CLUSTER = of("CLUSTER");
  public static final Command EXISTS = of("EXISTS");
  public static final Command GET = of("GET");
  public static final Command HELLO = of("HELLO");
  public static final Command HGETALL = of("HGETALL");
  public static final Command HMGET = of("HMGET");
  public static final Command INFO = of("INFO");
  public static final Command JSON_GET = of("JSON.GET");
  public static final Command LLEN = of("LLEN");
  public static final Command LRANGE = of("LRANGE");
  public static final Command PTTL = of("PTTL");
  public static final Command ROLE = of("ROLE");
  public static final Command SCAN = of("SCAN");
  public static final Command SCARD = of("SCARD");
  public static final Command SELECT = of("SELECT");
  public static final Command SENTINEL = of("SENTINEL");
  public static final Command SSCAN = of("SSCAN");
  public static final Command TS_INFO = of("TS.INFO");
  public static final Command TS_RANGE = of("TS.RANGE");
  public static final Command TYPE = of("TYPE");
  public static final Command XLEN = of("XLEN");
  public static final Command XRANGE = of("XRANGE");
  public static final Command ZCARD = of("ZCARD");
  public static final Command ZCOUNT = of("ZCOUNT");
  public static final Command ZRANGE = of("ZRANGE");
  public static final Command ZRANGEBYSCORE = of("ZRANGEBYSCORE");
  public static final Command ZSCAN = of("ZSCAN");

  private final byte[] name;

  private Command(byte[] name) {
    this.name = name;
  }

  public static Command of(String name) {
    return new Command(name.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
  }

  boolean is(String other) {
    return toString().equals(other);
  }

  @Override
  public byte[] getRaw() {
    return name;
  }

  @Override
  public String toString() {
    return new String(name, StandardCharsets.US_ASCII);
  }
}
