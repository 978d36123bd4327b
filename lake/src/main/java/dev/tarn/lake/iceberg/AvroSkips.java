package dev.tarn.lake.iceberg;

import dev.tarn.lake.iceberg.EntryLayout.Step;
import java.util.List;
import org.apache.avro.Schema;

/** Steps over values of any type. */
final class AvroSkips {

  private AvroSkips() {}

  static Step of(Schema type) {
    return switch (type.getType()) {
      case NULL -> in -> {};
      case BOOLEAN -> in -> in.skip(1);
      case INT, LONG, ENUM -> AvroCursor::number;
      case FLOAT -> in -> in.skip(4);
      case DOUBLE -> in -> in.skip(8);
      case STRING, BYTES -> AvroCursor::text;
      case FIXED -> {
        int size = type.getFixedSize();
        yield in -> in.skip(size);
      }
      case RECORD ->
          EntryLayout.inOrder(type.getFields().stream().map(f -> of(f.schema())).toList());
      case UNION -> union(type.getTypes().stream().map(AvroSkips::of).toList());
      case ARRAY -> items(of(type.getElementType()));
      case MAP -> items(EntryLayout.inOrder(List.of(AvroCursor::text, of(type.getValueType()))));
    };
  }

  private static Step union(List<Step> branches) {
    Step[] all = branches.toArray(new Step[0]);
    return in -> {
      long branch = in.number();
      if (branch < 0 || branch >= all.length) {
        throw AvroCursor.damaged("a value has no such type");
      }
      all[(int) branch].read(in);
    };
  }

  private static Step items(Step item) {
    return in -> {
      for (long items = in.items(); items != 0; items = in.items()) {
        for (; items > 0; items--) {
          item.read(in);
        }
      }
    };
  }
}
