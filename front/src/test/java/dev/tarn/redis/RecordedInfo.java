package dev.tarn.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code FT.INFO} of version 2 says of an index of hashes that is ready. */
final class RecordedInfo {

  private RecordedInfo() {}

  /** By names, which may be changed. */
  static Map<String, Object> of(
      String index, List<String> prefixes, long documents, List<?>... attributes) {
    var info = new LinkedHashMap<String, Object>();
    info.put("index_name", index);
    info.put(
        "index_definition",
        List.of("key_type", "HASH", "prefixes", prefixes, "default_score", "1"));
    info.put("attributes", List.of(attributes));
    info.put("num_docs", documents);
    info.put("hash_indexing_failures", 0L);
    info.put("indexing", 0L);
    info.put("percent_indexed", "1");
    return info;
  }

  /** A field that is called as it is in the hashes. */
  static List<Object> attribute(String name, String type, Object... more) {
    var attribute = new ArrayList<Object>();
    attribute.addAll(List.of("identifier", name, "attribute", name, "type", type));
    attribute.addAll(Arrays.asList(more));
    return attribute;
  }

  /** As protocol 2 has maps: names and values in turn. */
  static List<Object> flat(Map<String, Object> map) {
    var flat = new ArrayList<Object>();
    map.forEach((key, value) -> flat.addAll(List.of(key, value)));
    return flat;
  }
}
