package dev.postern.admin;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An object as one line of JSON and back. Apart, so that a server learns JSON with the first
/// command rather than before it opens its doors.
///
/// Every method throws {@link tools.jackson.core.JacksonException} for a line that is no JSON or
/// something else than was asked for.
final class JsonLine {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonLine() {}

    static String of(Object object) {
        return JSON.writeValueAsString(object) + "\n";
    }

    static JsonNode read(String line) {
        return JSON.readTree(line);
    }

    static <T> T read(String line, Class<T> type) {
        return JSON.readValue(line, type);
    }
}
