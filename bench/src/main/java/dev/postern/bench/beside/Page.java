package dev.postern.bench.beside;

/// `doc/performance.md`: a page with a place for the last run of each work.
final class Page {
    private Page() {}

    /// The page with this report in the place of the one before on that work.
    static String withLastRun(String page, String report, Work work) {
        return withLastRun(page, report, work.place());
    }

    /// The page with this report in a place.
    ///
    /// @throws IllegalArgumentException when the page has no such place
    static String withLastRun(String page, String report, String place) {
        String first = "<!-- " + place + " -->\n";
        String last = "<!-- end of " + place + " -->\n";
        int begin = page.indexOf(first);
        int end = page.indexOf(last, Math.max(begin, 0));
        if (begin < 0 || end < 0) {
            throw new IllegalArgumentException("the page has no " + first.strip() + " with an end");
        }
        return page.substring(0, begin + first.length()) + "\n" + report + "\n" + page.substring(end);
    }
}
