package dev.postern.blackbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/// Messages of `joe@sender.test` on which signers and verifiers could differ, octet for octet.
final class Shapes {
    /// The domain of their author.
    static final String AUTHOR = "sender.test";

    /// Their names.
    static final List<String> NAMES = List.of(
            "plain",
            "folded",
            "blanks",
            "dots",
            "eight-bit",
            "utf8",
            "long-lines",
            "empty-body",
            "blank-lines-only",
            "trailing-blank-lines",
            "multipart",
            "repeated-fields",
            "many-recipients");

    private Shapes() {}

    /// The message of this name, with CRLF.
    static byte[] message(String name) {
        try (InputStream in = Shapes.class.getResourceAsStream("shapes/" + name + ".eml")) {
            return in.readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// What stands behind the address in MAIL for the message of this name.
    static String parameters(String name) {
        return switch (name) {
            case "utf8" -> " BODY=8BITMIME SMTPUTF8";
            case "eight-bit" -> " BODY=8BITMIME";
            default -> "";
        };
    }
}
