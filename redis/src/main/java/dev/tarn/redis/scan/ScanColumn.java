package dev.tarn.redis.scan;

import dev.tarn.type.DataType;
import dev.tarn.type.Field;

/**
 * A column of a scan.
 *
 * @param name in the frame
 * @param role what it holds
 * @param source the field, the label, or the {@link JsonPath} as text, where the role has such;
 *     else empty
 */
public record ScanColumn(String name, DataType type, Role role, String source) {

  static ScanColumn of(String name, DataType type, Role role) {
    return new ScanColumn(name, type, role, "");
  }

  Field field() {
    return new Field(name, type);
  }
}
