package dev.tarn.testkit.redis;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the command INFO says. */
final class Info {

  private Info() {}

  static Map<String, String> values(String text) {
    var values = new TreeMap<String, String>();
    for (String line : text.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        values.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return values;
  }

  /** Of the section commandstats. */
  static Map<String, Long> calls(Map<String, String> values) {
    var calls = new TreeMap<String, Long>();
    values.forEach((name, counts) -> {
      String command = name.replace("cmdstat_", "").toUpperCase(Locale.ROOT);
      calls.put(command, Long.valueOf(counts.replaceFirst("calls=(\\d+),.*", "$1")));
    });
    return calls;
  }
}
