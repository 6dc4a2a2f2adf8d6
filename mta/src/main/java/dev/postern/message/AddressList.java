package dev.postern.message;

import java.util.ArrayList;
import java.util.List;

/// The addresses in a To, Cc or Bcc field (RFC 5322 §3.4): display names, comments and groups are
/// passed over.
///
/// ```
/// address-list = address *("," address)
/// address      = mailbox / group
/// mailbox      = addr-spec / [display-name] "<" addr-spec ">"
/// group        = display-name ":" [address-list] ";"
/// ```
///
/// @rfc 5322 §3.4
public final class AddressList {
    private final String text;
    private final List<String> addresses = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private int at;

    private AddressList(String text) {
        this.text = text;
    }

    /// The addr-specs of a field's value, as they are written, in their order; what is no address
    /// gives one that the caller's own parser will refuse.
    public static List<String> parse(String value) {
        AddressList list = new AddressList(value);
        list.read();
        return list.addresses;
    }

    private void read() {
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '(' -> skipComment();
                case '"' -> quotedString();
                case '<' -> angle();
                case ':' -> {
                    word.setLength(0); // what stood before it was the name of a group
                    at++;
                }
                case ',', ';' -> {
                    endOfAddress();
                    at++;
                }
                case '\r', '\n' -> at++;
                default -> {
                    word.append(c);
                    at++;
                }
            }
        }
        endOfAddress();
    }

    private void endOfAddress() {
        String address = word.toString().strip();
        if (!address.isEmpty()) {
            addresses.add(address.replaceAll("\\s+(?=[@.])|(?<=[@.])\\s+", ""));
        }
        word.setLength(0);
    }

    private void skipComment() {
        int depth = 0;
        do {
            char c = text.charAt(at);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            at += c == '\\' ? 2 : 1;
        } while (depth > 0 && at < text.length());
    }

    private void quotedString() {
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != '"') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        end = Math.min(end + 1, text.length());
        word.append(text, at, end);
        at = end;
    }

    private void angle() {
        word.setLength(0); // what stood before it was a display name
        at++;
        while (at < text.length() && text.charAt(at) != '>') {
            if (text.charAt(at) == '"') {
                quotedString();
            } else {
                word.append(text.charAt(at++));
            }
        }
        at++;
        endOfAddress();
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ';') {
            if (text.charAt(at) == '(') {
                skipComment();
            } else {
                at++;
            }
        }
    }
}
