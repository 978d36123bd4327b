package dev.tarn.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tarn.QueryPlan;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/** A query's plan as JSON. What is not known is left out. */
final class PlanJson {

  private final JsonGenerator json;

  private PlanJson(JsonGenerator json) {
    this.json = json;
  }

  static String of(QueryPlan plan) throws IOException {
    var text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      new PlanJson(json).write(plan);
    }
    return text.toString();
  }

  private void write(QueryPlan plan) throws IOException {
    json.writeStartObject();
    json.writeStringField("frame", plan.frame());
    json.writeStringField("sql", plan.sql());
    if (plan.elapsed().isPresent()) {
      json.writeNumberField("milliseconds", plan.elapsed().get().toNanos() / 1e6);
    }
    json.writeArrayFieldStart("sources");
    for (QueryPlan.SourceUse source : plan.sources()) {
      write(source);
    }
    json.writeEndArray();
    json.writeFieldName("plan");
    write(plan.root());
    json.writeEndObject();
  }

  private void write(QueryPlan.SourceUse source) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", source.name());
    if (source.filesKept().isPresent()) {
      json.writeNumberField("filesKept", source.filesKept().getAsInt());
    }
    if (source.filesTotal().isPresent()) {
      json.writeNumberField("filesTotal", source.filesTotal().getAsInt());
    }
    write("columns", source.columns());
    if (source.allColumns().isPresent()) {
      json.writeNumberField("columnsTotal", source.allColumns().getAsInt());
    }
    write("filters", source.filters());
    write("notes", source.notes());
    json.writeEndObject();
  }

  private void write(String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private void write(QueryPlan.Operator operator) throws IOException {
    json.writeStartObject();
    json.writeStringField("operator", operator.name());
    if (operator.rows().isPresent()) {
      json.writeNumberField("rows", operator.rows().getAsLong());
    }
    if (operator.estimate().isPresent()) {
      json.writeNumberField("estimatedRows", operator.estimate().getAsLong());
    }
    if (operator.seconds().isPresent()) {
      json.writeNumberField("cpuSeconds", operator.seconds().getAsDouble());
    }
    json.writeObjectFieldStart("details");
    for (Map.Entry<String, String> detail : operator.details().entrySet()) {
      json.writeStringField(detail.getKey(), detail.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("inputs");
    for (QueryPlan.Operator child : operator.children()) {
      write(child);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
