package dev.postern.feedback;

import java.util.ArrayList;
import java.util.List;

/// What was passed over in a report, for a human: the first few remarks, and how many there were.
final class Remarks {
    private static final int MOST = 20;

    private final List<String> remarks = new ArrayList<>();
    private int count;

    /// Adds a sentence.
    void add(String remark) {
        count++;
        if (count <= MOST) {
            remarks.add(Words.clean(remark));
        }
    }

    /// The first remark with a colon before it; empty if there is none.
    String first() {
        return remarks.isEmpty() ? "" : ": " + remarks.getFirst();
    }

    /// All that are kept, and how many more there were.
    List<String> all() {
        List<String> all = new ArrayList<>(remarks);
        if (count > MOST) {
            all.add("and " + (count - MOST) + " more of the kind");
        }
        return List.copyOf(all);
    }
}
