package dev.postern.app;

import dev.postern.policy.ListenerRole;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Who plays the client in a {@link Rehearsal}.
///
/// @param role the role of the listener that it comes to
/// @param client its address; none on the local role
/// @param helo the name that it gives
/// @param sender the argument of MAIL FROM, as it is
/// @param recipients the arguments of RCPT TO, as they are; one at least
/// @param requireTls whether it demands TLS all the way (REQUIRETLS)
/// @param tls whether it says STARTTLS, where the role does not begin with TLS
/// @param user whom it logs in as, with the right password
record Cast(
        ListenerRole role,
        InetAddress client,
        String helo,
        String sender,
        List<String> recipients,
        boolean requireTls,
        boolean tls,
        Optional<String> user) {
    /// The words that can be said.
    static final String WORDS =
            "client=ADDRESS helo=NAME from=ADDRESS to=ADDRESS role=ROLE tls=yes requiretls=yes" + " user=NAME";

    Cast {
        recipients = List.copyOf(recipients);
    }

    /// Reads `client=… helo=… from=… to=…`, in any order, `to` as often as wanted; what is left out is a client at a
    /// documentation address that comes to the mx as nobody.
    ///
    /// @throws Failure with what is wrong
    static Cast parse(String words) throws Failure {
        if (words.chars().anyMatch(Character::isISOControl)) {
            throw new Failure(2, "--as holds a control character");
        }
        Map<String, String> said = new LinkedHashMap<>();
        List<String> recipients = new ArrayList<>();
        for (String word : words.strip().split(" +", -1)) {
            int at = word.indexOf('=');
            String name = at < 0 ? "" : word.substring(0, at);
            String value = word.substring(at + 1);
            switch (name) {
                case "to" -> recipients.add(path(value));
                case "client", "helo", "from", "role", "tls", "requiretls", "user" -> {
                    if (said.put(name, value) != null) {
                        throw new Failure(2, "--as says " + name + "= twice");
                    }
                }
                default -> throw new Failure(2, "--as does not know \"" + word + "\"; it knows " + WORDS);
            }
        }
        if (recipients.isEmpty()) {
            throw new Failure(2, "--as needs to=ADDRESS, the recipient that is asked for");
        }
        ListenerRole role = role(said.getOrDefault("role", "mx"));
        return new Cast(
                role,
                address(said.getOrDefault("client", "192.0.2.1")),
                said.getOrDefault("helo", "client.example"),
                path(said.getOrDefault("from", "<>")),
                recipients,
                yes("requiretls", said.getOrDefault("requiretls", "no")),
                yes("tls", said.getOrDefault("tls", said.containsKey("user") ? "yes" : "no")),
                Optional.ofNullable(said.get("user")));
    }

    private static ListenerRole role(String word) throws Failure {
        for (ListenerRole role : ListenerRole.values()) {
            if (role.label().equals(word)) {
                return role;
            }
        }
        throw new Failure(2, "role must be mx, submission, submissions, lmtp or local, not \"" + word + "\"");
    }

    private static InetAddress address(String text) throws Failure {
        try {
            return Objects.requireNonNull(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            throw new Failure(2, "client must be an address such as 203.0.113.5, not \"" + text + "\"");
        }
    }

    private static String path(String text) {
        return text.startsWith("<") ? text : "<" + text + ">";
    }

    private static boolean yes(String name, String word) throws Failure {
        return switch (word) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw new Failure(2, name + " must be yes or no, not \"" + word + "\"");
        };
    }
}
