package dev.postern.spool.rocks;

import dev.postern.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// The crash tables of `doc/internals/spool.md`.
final class CrashTable {
    private CrashTable() {}

    /// One line of a table.
    ///
    /// @param after the step after which the spool is stopped
    /// @param record what the next start finds of the message: `none`, `there`, `before`, `after`
    /// @param fileKept whether the content file is there once the next start is over
    record Row(Step after, String record, boolean fileKept) {}

    /// The lines of the table below a heading.
    static List<Row> below(String heading) throws IOException {
        List<Row> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(Repository.root().resolve("doc/internals/spool.md"))) {
            if (line.startsWith("#")) {
                inside = line.equals("### " + heading);
            } else if (inside && line.matches("\\| [A-Z_]+ \\|.*")) {
                String[] cells = line.split("\\|", -1);
                rows.add(new Row(
                        Step.valueOf(cells[1].strip()),
                        cells[2].strip(),
                        cells[3].strip().endsWith("kept")));
            }
        }
        return rows;
    }
}
