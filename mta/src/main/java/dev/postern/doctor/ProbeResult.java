package dev.postern.doctor;

import java.util.List;

/// What a server did about an attempt.
public sealed interface ProbeResult {
    /// It stood firm.
    record Withstood() implements ProbeResult {}

    /// It gave in.
    ///
    /// @param why a sentence
    /// @param dialogue what was said, `C: …` and `S: …`
    record GaveIn(String why, List<String> dialogue) implements ProbeResult {
        public GaveIn {
            dialogue = List.copyOf(dialogue);
        }
    }

    /// It did not let the attempt come so far that it could tell, for a reason that has nothing to do with it.
    ///
    /// @param why a sentence
    record NotTried(String why) implements ProbeResult {}
}
