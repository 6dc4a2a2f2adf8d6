package dev.postern.mailauth.dkim;

import java.util.ArrayList;
import java.util.List;

/// Canonical bodies by the plainest reading of RFC 6376 §3.4.3 and §3.4.4.
final class NaiveBody {
    private NaiveBody() {}

    static String canonical(Canonicalization form, String body) {
        return switch (form) {
            case SIMPLE -> withoutEmptyLines(body) + "\r\n";
            case RELAXED -> {
                List<String> lines = new ArrayList<>();
                for (String line : body.split("\r\n", -1)) {
                    lines.add(line.replaceAll("[ \t]+", " ").replaceAll(" \\z", ""));
                }
                String relaxed = withoutEmptyLines(String.join("\r\n", lines));
                yield relaxed.isEmpty() ? "" : relaxed + "\r\n";
            }
        };
    }

    private static String withoutEmptyLines(String body) {
        String text = body;
        while (text.endsWith("\r\n")) {
            text = text.substring(0, text.length() - 2);
        }
        return text;
    }
}
