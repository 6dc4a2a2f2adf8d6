package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Finished;

/// How a command of ours says that it cannot do what it was asked.
final class Sentences {
    private Sentences() {}

    /// It failed, said why in words for an administrator, and showed nothing of its inside.
    ///
    /// @param words pieces of what it says, all of them there
    static void assertThatItSaysNo(Finished finished, String... words) {
        assertThat(finished.exitCode()).as(finished.toString()).isNotZero();
        assertThat(finished.errors())
                .as(finished.toString())
                .matches("(?s)postern: \\S+ \\S+ \\S+.*")
                .contains(words);
        assertThatItHidesItsInside(finished.output() + finished.errors());
    }

    /// There is neither a stack trace nor the name of an exception in it.
    static void assertThatItHidesItsInside(String text) {
        assertThat(text)
                .doesNotContain("\tat ", "Exception", "Throwable", "Caused by", "dev.postern.", "java.", "null");
    }
}
