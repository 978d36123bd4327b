package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A pattern of keys as {@code SCAN … MATCH} has it: {@code *}, {@code ?}, {@code [a-z]}, {@code
 * [^x]}, and {@code \} before what is meant literally. It matches bytes, as the server does ({@code
 * stringmatchlen} in its {@code util.c}).
 */
public final class KeyPattern {

  private static final byte[] ALL = {'*'};

  private final byte[] pattern;

  private KeyPattern(byte[] pattern) {
    this.pattern = pattern;
  }

  public static KeyPattern of(String pattern) {
    return new KeyPattern(pattern.getBytes(UTF_8));
  }

  /** All keys that begin with some bytes. */
  static KeyPattern startingWith(byte[] prefix) {
    var out = new ByteArrayOutputStream();
    for (byte b : prefix) {
      if (b == '*' || b == '?' || b == '[' || b == ']' || b == '\\') {
        out.write('\\');
      }
      out.write(b);
    }
    out.write('*');
    return new KeyPattern(out.toByteArray());
  }

  /** As {@code MATCH} takes it. */
  public byte[] bytes() {
    return pattern.clone();
  }

  boolean isAll() {
    return Arrays.equals(pattern, ALL);
  }

  /** What every key that matches begins with; may be empty. */
  public byte[] prefix() {
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < pattern.length; i++) {
      byte b = pattern[i];
      if (b == '*' || b == '?' || b == '[') {
        break;
      }
      if (b == '\\' && i + 1 < pattern.length) {
        i++;
      }
      out.write(pattern[i]);
    }
    return out.toByteArray();
  }

  /** Whether it says nothing but how keys begin. */
  public boolean isPrefix() {
    for (int i = 0; i < pattern.length; i++) {
      switch (pattern[i]) {
        case '\\' -> i++;
        case '*' -> {
          return i == pattern.length - 1;
        }
        case '?', '[' -> {
          return false;
        }
        default -> {}
      }
    }
    return false;
  }

  /** Whether it is one key: nothing in it stands for anything else. */
  public boolean isLiteral() {
    for (int i = 0; i < pattern.length; i++) {
      switch (pattern[i]) {
        case '\\' -> i++;
        case '*', '?', '[' -> {
          return false;
        }
        default -> {}
      }
    }
    return true;
  }

  /** Whether the server would say that a key matches. */
  public boolean matches(byte[] key) {
    return matches(0, key, 0);
  }

  /** Without recursion: where a star did not reach far enough, it is tried one byte further. */
  private boolean matches(int from, byte[] key, int start) {
    int p = from;
    int k = start;
    int star = -1;
    int reached = -1;
    while (k < key.length) {
      if (p < pattern.length && pattern[p] == '*') {
        star = p++;
        reached = k;
        continue;
      }
      int next = p < pattern.length ? step(p, key[k]) : -1;
      if (next >= 0) {
        p = next;
        k++;
      } else if (star >= 0) {
        p = star + 1;
        k = ++reached;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p == pattern.length;
  }

  /** Where the pattern goes on when what stands there matches a byte; -1 when it does not. */
  private int step(int p, byte b) {
    return switch (pattern[p]) {
      case '?' -> p + 1;
      case '[' -> set(p + 1, b);
      case '\\' -> {
        int literal = p + 1 < pattern.length ? p + 1 : p;
        yield pattern[literal] == b ? literal + 1 : -1;
      }
      default -> pattern[p] == b ? p + 1 : -1;
    };
  }

  private int set(int start, byte b) {
    int p = start;
    boolean negated = p < pattern.length && pattern[p] == '^';
    if (negated) {
      p++;
    }
    boolean found = false;
    while (p < pattern.length && pattern[p] != ']') {
      if (pattern[p] == '\\' && p + 1 < pattern.length) {
        p++;
        found |= pattern[p] == b;
      } else if (p + 2 < pattern.length && pattern[p + 1] == '-') {
        int low = Math.min(pattern[p] & 255, pattern[p + 2] & 255);
        int high = Math.max(pattern[p] & 255, pattern[p + 2] & 255);
        found |= (b & 255) >= low && (b & 255) <= high;
        p += 2;
      } else {
        found |= pattern[p] == b;
      }
      p++;
    }
    int next = Math.min(pattern.length, p + 1); // a set that is not closed ends with the pattern
    return found != negated ? next : -1;
  }

  @Override
  public String toString() {
    return new String(pattern, UTF_8);
  }
}
