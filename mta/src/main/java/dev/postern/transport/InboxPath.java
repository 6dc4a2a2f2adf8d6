package dev.postern.transport;

import dev.postern.smtp.Mailbox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the inboxes lie: an absolute path with the placeholders `{domain}`, `{local}` and `{detail}`, such as
/// `/var/mail/{domain}/{local}`.
///
/// Two inboxes never share a path, and no path leaves the root, whatever the address is: octets other than `a-z 0-9 -
/// _ + =` and dots within a name are written as `%` and two hexadecimal digits, so is a dot at the beginning. Upper
/// case is written that way too, so that a file system that ignores case changes nothing. The component `.{detail}`,
/// a Maildir++ folder, is left out where there is no detail.
public final class InboxPath {
    /// The longest file name in octets.
    private static final int MAX_NAME = 255;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final String SAFE = "abcdefghijklmnopqrstuvwxyz0123456789-_+=.";
    private static final String HEX = "0123456789ABCDEF";

    private final Path root;
    private final List<String> components;

    private InboxPath(Path root, List<String> components) {
        this.root = root;
        this.components = components;
    }

    /// Reads a path with placeholders.
    ///
    /// @throws IllegalArgumentException with a sentence for the administrator if it is none, or if two inboxes
    /// could share a path
    public static InboxPath parse(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("the path of the inboxes must be absolute: " + text);
        }
        List<String> names = List.of(text.substring(1).split("/+"));
        int first = 0;
        while (first < names.size() && !names.get(first).contains("{")) {
            first++;
        }
        if (first == 0) {
            throw new IllegalArgumentException(
                    "the path of the inboxes must begin with a directory of its own, before the first placeholder: "
                            + text);
        }
        List<String> components = names.subList(first, names.size());
        if (components.stream().noneMatch(c -> c.contains("{local}"))) {
            throw new IllegalArgumentException(
                    "the path of the inboxes needs {local}, or all would share one: " + text);
        }
        components.forEach(component -> checkComponent(component, text));
        Path root = Path.of("/" + String.join("/", names.subList(0, first))).normalize();
        return new InboxPath(root, List.copyOf(components));
    }

    private static void checkComponent(String component, String text) {
        Matcher m = PLACEHOLDER.matcher(component);
        int end = -1;
        while (m.find()) {
            String name = m.group(1);
            if (!name.equals("local") && !name.equals("domain") && !name.equals("detail")) {
                throw new IllegalArgumentException("{" + name
                        + "} is unknown; the path of the inboxes may hold {domain}, {local} and {detail}: " + text);
            }
            if (name.equals("detail") && !component.equals(".{detail}")) {
                throw new IllegalArgumentException("{detail} must stand as /.{detail}, a folder of the inbox: " + text);
            }
            if (end >= 0
                    && component.substring(end, m.start()).chars().allMatch(c -> SAFE.indexOf(c) >= 0 || c == '%')) {
                throw new IllegalArgumentException(
                        "placeholders in one name need something like @ between them, or two inboxes could share a path: "
                                + text);
            }
            end = m.end();
        }
        String literal = m.replaceAll("");
        if (literal.contains("{") || literal.contains("}") || literal.indexOf(0) >= 0) {
            throw new IllegalArgumentException("a brace without its partner in the path of the inboxes: " + text);
        }
        if (component.equals("..") || component.equals(".")) {
            throw new IllegalArgumentException("the path of the inboxes must not hold " + component + ": " + text);
        }
    }

    /// The directory that all inboxes lie in.
    public Path root() {
        return root;
    }

    /// Where an inbox lies; empty if a name in it would be longer than a file system takes.
    public Optional<Path> resolve(Mailbox inbox, Optional<String> detail) {
        List<String> names = new ArrayList<>();
        for (String component : components) {
            if (component.contains("{detail}") && detail.orElse("").isEmpty()) {
                continue;
            }
            String name = PLACEHOLDER
                    .matcher(component)
                    .replaceAll(m -> Matcher.quoteReplacement(encode(
                            switch (m.group(1)) {
                                case "local" -> inbox.localPart().value();
                                case "domain" -> inbox.host().toString();
                                default -> detail.orElseThrow();
                            })));
            if (name.length() > MAX_NAME) {
                return Optional.empty();
            }
            names.add(name);
        }
        return Optional.of(root.resolve(String.join("/", names)));
    }

    /// A value as a part of a file name, one to one.
    static String encode(String value) {
        byte[] octets = value.getBytes(StandardCharsets.UTF_8);
        StringBuilder name = new StringBuilder(octets.length);
        for (int i = 0; i < octets.length; i++) {
            char c = (char) (octets[i] & 0xFF);
            if (SAFE.indexOf(c) >= 0 && (c != '.' || i > 0)) {
                name.append(c);
            } else {
                name.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return name.toString();
    }

    @Override
    public String toString() {
        return root + "/" + String.join("/", components);
    }
}
