package dev.postern.bench.beside;

import java.util.Locale;

/// Figures of one run, a line each, as Markdown; told on standard error as soon as they are known.
final class FigureTable {
    private final StringBuilder rows = new StringBuilder("| | |\n|---|---:|\n");

    @SuppressWarnings("AnnotateFormatMethod") // no library of annotations for this alone
    void add(String what, String format, Object... values) {
        String figure = String.format(Locale.ROOT, format, values);
        System.err.println(what + ": " + figure);
        rows.append("| ").append(what).append(" | ").append(figure).append(" |\n");
    }

    @Override
    public String toString() {
        return rows.toString();
    }
}
