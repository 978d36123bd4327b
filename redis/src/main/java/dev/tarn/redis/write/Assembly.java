package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tarn.redis.IfExists;
import dev.tarn.redis.wire.Resp;
import dev.tarn.redis.write.Item.Form;
import java.util.OptionalLong;

/**
 * Puts together what is sent for a key, so that others see it as it was before, or as it is then.
 *
 * <p>What depends on whether the key is there, or must not go on after an error, is a script:
 * within MULTI, commands after one that failed are done. A key of another's that MERGE cannot be
 * written to must not be given our time to live.
 */
final class Assembly {

  /**
   * KEYS: the key. ARGV: new or any, time to live, then for each command: count, name, arguments.
   */
  private static final byte[] SCRIPT =
      """
      if ARGV[1]=='new' and redis.call('EXISTS',KEYS[1])==1 then return 0 end
      local i=3
      while i<=#ARGV do
      local n=tonumber(ARGV[i])
      redis.call(ARGV[i+1],KEYS[1],unpack(ARGV,i+2,i+1+n))
      i=i+2+n
      end
      if ARGV[2]~='' then redis.call('PEXPIRE',KEYS[1],ARGV[2]) end
      return 1\
      """
          .getBytes(US_ASCII);

  private static final byte[] MULTI = Resp.command("MULTI");
  private static final byte[] EXEC = Resp.command("EXEC");
  private static final byte[] DISCARD = Resp.command("DISCARD");

  private Assembly() {}

  /** What was put together. */
  record Assembled(Form form, int replies) {}

  static Assembled of(Resp out, byte[] key, Body body, OptionalLong ttlMillis, IfExists mode) {
    body.end();
    return switch (mode) {
      case REPLACE -> replacing(out, key, body, ttlMillis);
      case MERGE -> merging(out, key, body, ttlMillis);
      case KEEP, FAIL -> script(out, key, body, ttlMillis, "new");
    };
  }

  private static Assembled replacing(Resp out, byte[] key, Body body, OptionalLong ttlMillis) {
    if (body.isEmpty()) {
      unlink(out, key);
      return new Assembled(Form.COMMAND, 1);
    }
    int replies = first(out, key, body, true) + last(out, key, ttlMillis);
    return new Assembled(Form.TRANSACTION, replies);
  }

  private static Assembled merging(Resp out, byte[] key, Body body, OptionalLong ttlMillis) {
    if (ttlMillis.isPresent() || body.stopsAtFirst()) {
      return script(out, key, body, ttlMillis, "any");
    }
    if (body.parts().size() == 1) {
      commands(out, key, body);
      return new Assembled(Form.COMMAND, 1);
    }
    int replies = first(out, key, body, false) + last(out, key, ttlMillis);
    return new Assembled(Form.TRANSACTION, replies);
  }

  /** The beginning of a transaction, with the commands of a body. */
  static int first(Resp out, byte[] key, Body body, boolean replaces) {
    out.raw(MULTI);
    if (replaces) {
      unlink(out, key);
    }
    return 1 + (replaces ? 1 : 0) + commands(out, key, body);
  }

  static int commands(Resp out, byte[] key, Body body) {
    for (Body.Part part : body.parts()) {
      out.header(part.arguments() + 2);
      out.bulk(part.name());
      out.bulk(key);
      out.raw(body.bytes(), part.begin(), part.end());
    }
    return body.parts().size();
  }

  /** The end of a transaction. */
  static int last(Resp out, byte[] key, OptionalLong ttlMillis) {
    if (ttlMillis.isPresent()) {
      out.header(3);
      out.bulk("PEXPIRE");
      out.bulk(key);
      out.bulk(ttlMillis.getAsLong());
    }
    out.raw(EXEC);
    return ttlMillis.isPresent() ? 2 : 1;
  }

  /** Takes back a transaction. */
  static int discard(Resp out) {
    out.raw(DISCARD);
    return 1;
  }

  private static void unlink(Resp out, byte[] key) {
    out.header(2);
    out.bulk("UNLINK");
    out.bulk(key);
  }

  private static Assembled script(
      Resp out, byte[] key, Body body, OptionalLong ttlMillis, String which) {
    out.header(6 + body.parts().stream().mapToInt(part -> part.arguments() + 2).sum());
    out.bulk("EVAL");
    out.bulk(SCRIPT);
    out.bulk(1);
    out.bulk(key);
    out.bulk(which);
    if (ttlMillis.isPresent()) {
      out.bulk(ttlMillis.getAsLong());
    } else {
      out.bulk("");
    }
    for (Body.Part part : body.parts()) {
      out.bulk(part.arguments());
      out.bulk(part.name());
      out.raw(body.bytes(), part.begin(), part.end());
    }
    return new Assembled(Form.SCRIPT, 1);
  }

  /** SET, which is whole by itself. */
  static Assembled string(Resp out, byte[] key, Body body, OptionalLong ttlMillis, IfExists mode) {
    if (body.isEmpty()) {
      unlink(out, key);
      return new Assembled(Form.COMMAND, 1);
    }
    body.end();
    boolean isNew = mode == IfExists.KEEP || mode == IfExists.FAIL;
    boolean keepsTtl = mode == IfExists.MERGE && ttlMillis.isEmpty();
    out.header(3 + (ttlMillis.isPresent() ? 2 : 0) + (isNew || keepsTtl ? 1 : 0));
    out.bulk("SET");
    out.bulk(key);
    out.raw(body.bytes(), 0, body.size());
    if (ttlMillis.isPresent()) {
      out.bulk("PX");
      out.bulk(ttlMillis.getAsLong());
    }
    if (isNew || keepsTtl) {
      out.bulk(isNew ? "NX" : "KEEPTTL");
    }
    return new Assembled(isNew ? Form.NEW_STRING : Form.COMMAND, 1);
  }
}
