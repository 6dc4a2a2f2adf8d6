package dev.postern.bench.beside;

/// `doc/performance.md`: a page with a place for the last run.
final class Page {
    private static final String BEGIN = "<!-- last run -->\n";
    private static final String END = "<!-- end of last run -->\n";

    private Page() {}

    /// The page with this report in the place of the one before.
    ///
    /// @throws IllegalArgumentException when the page has no such place
    static String withLastRun(String page, String report) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END, Math.max(begin, 0));
        if (begin < 0 || end < 0) {
            throw new IllegalArgumentException("the page has no " + BEGIN.strip() + " with an end");
        }
        return page.substring(0, begin + BEGIN.length()) + "\n" + report + "\n" + page.substring(end);
    }
}
