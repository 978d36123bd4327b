package dev.tarn.guide;

import static dev.tarn.Sinks.*;

import dev.tarn.Tarn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;

/** The files that the pages read; {@code docs/guide/README.md} describes them. */
final class GuideData {

  private static final String SALES =
      """
      SELECT i + 1 AS id,
             DATE '2023-01-01' + (i * 7 % 730)::INTEGER AS date,
             ['toys', 'books', 'tools'][i % 3 + 1] AS category,
             ['north', 'south', 'east', 'west'][i * 5 // 3 % 4 + 1] AS region,
             i * 11 % 8 + 1 AS customer_id,
             (i * 137 % 19000 / 100 + 10)::DECIMAL(10, 2) AS amount,
             CASE WHEN i % 10 = 3 THEN 'void' WHEN i % 4 = 1 THEN 'open' ELSE 'completed' END AS status
      FROM range(1000) AS t(i)
      """;

  private static final List<String> CUSTOMERS =
      List.of(
          "id,name,segment,zip,since",
          "1,Alder,retail,00501,2019-03-01",
          "2,Birch,retail,10001,2020-07-15",
          "3,Cedar,wholesale,02134,2018-01-31",
          "4,Dogwood,retail,94105,2021-11-05",
          "5,Elm,wholesale,60601,2017-05-20",
          "6,Fir,retail,00601,2022-02-28",
          "7,Gum,retail,73301,2020-12-12",
          "8,Hazel,wholesale,98101,2016-09-09",
          "9,Ivy,retail,33101,2023-06-30");

  private static final List<String> EVENTS =
      List.of(
          "{\"id\": 1, \"at\": \"2024-03-01 09:15:00\", \"user\": {\"name\": \"Ann\", \"age\": 34}, \"tags\": [\"new\", \"mobile\"]}",
          "{\"id\": 2, \"at\": \"2024-03-01 09:16:30\", \"user\": {\"name\": \"Bo\", \"age\": 51}, \"tags\": []}",
          "{\"id\": 3, \"at\": \"2024-03-02 17:40:10\", \"user\": {\"name\": \"Cy\", \"age\": null}, \"tags\": [\"mobile\"]}");

  private GuideData() {}

  static void write(Path folder) throws IOException {
    try (Tarn tarn = Tarn.open()) {
      tarn.sql(SALES + " ORDER BY id")
          .write(parquet(folder.resolve("sales").toString()).partitionedBy("region"));
    }
    Files.write(folder.resolve("customers.csv"), CUSTOMERS);
    Files.write(folder.resolve("events.ndjson"), EVENTS);
    arrow(folder.resolve("stock.arrow"));
  }

  private static void arrow(Path file) throws IOException {
    try (var allocator = new RootAllocator();
        var category = new VarCharVector("category", allocator);
        var pieces = new BigIntVector("pieces", allocator)) {
      category.setSafe(0, "toys".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      category.setSafe(1, "books".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      pieces.setSafe(0, 120);
      pieces.setSafe(1, 75);
      category.setValueCount(2);
      pieces.setValueCount(2);
      try (var root = VectorSchemaRoot.of(category, pieces);
          var channel =
              Files.newByteChannel(
                  file,
                  java.nio.file.StandardOpenOption.CREATE,
                  java.nio.file.StandardOpenOption.WRITE);
          var writer = new ArrowFileWriter(root, null, channel)) {
        writer.writeBatch();
      }
    }
  }
}
