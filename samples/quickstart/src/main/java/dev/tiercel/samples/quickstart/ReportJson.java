package dev.tiercel.samples.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/** A report for programs. */
final class ReportJson {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ReportJson() {}

  /** A JSON object whose fields are the components of {@link Report}. */
  static String of(Report report) {
    try {
      return MAPPER.writeValueAsString(report) + '\n';
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(
          "report: cannot be written as JSON (expected: numbers and names)", impossible);
    }
  }
}
