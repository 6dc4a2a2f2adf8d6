package dev.postern.blackbox.peers;

/// What a program that ran to its end left: its exit code and what it wrote.
///
/// @param exitCode 0–255; 128 plus the signal's number where a signal ended it
/// @param output what it wrote to standard output, read as UTF-8
/// @param errors what it wrote to standard error, read as UTF-8
public record Finished(int exitCode, String output, String errors) {
    /// Both outputs, for the message of a failed assertion.
    @Override
    public String toString() {
        return "exit code " + exitCode + "\n--- output\n" + output + "\n--- errors\n" + errors;
    }
}
