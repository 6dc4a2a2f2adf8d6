package dev.postern.reportstore;

import dev.postern.crypto.Sha256;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.TlsTrial.AppliedPolicy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The policies of a domain that sessions of a day were opened by: at most {@value #MOST}, each once. A key of rows
/// whose policy is one too many still tells what kind of policy it was.
///
/// @param texts the policies by their keys
public record SessionPolicies(Map<String, Text> texts) {
    /// How many policies of a domain are kept on a day.
    public static final int MOST = 8;

    private static final int MOST_LINES = 100;
    private static final int LONGEST = 4_000;
    private static final int KEY_OCTETS = 8;
    private static final Pattern KEY = Pattern.compile("[a-z-]+(:[0-9a-f]{16})?");

    /// What a policy says.
    ///
    /// @param type where it was found
    /// @param strings it as it was found, at most 100 lines of 4000 chars in all, the rest cut off
    /// @param hosts the patterns of its hosts' names, within the same bounds
    public record Text(TlsTrial.Type type, List<String> strings, List<String> hosts) {
        public Text {
            strings = bounded(strings);
            hosts = bounded(hosts);
        }
    }

    /// @throws IllegalArgumentException if there are none, or more than {@value #MOST}
    public SessionPolicies {
        texts = Map.copyOf(texts);
        if (texts.isEmpty() || texts.size() > MOST) {
            throw new IllegalArgumentException(texts.size() + " policies");
        }
    }

    /// The one policy of a session.
    public static SessionPolicies of(AppliedPolicy policy) {
        return new SessionPolicies(Map.of(key(policy), new Text(policy.type(), policy.strings(), policy.hosts())));
    }

    /// What tells a policy from others of its domain: its type, and some digits of a hash where it says anything, of
    /// its strings in whatever order: DNS answers with another one each time.
    public static String key(AppliedPolicy policy) {
        return key(policy.type(), policy.strings(), policy.hosts());
    }

    private static String key(TlsTrial.Type type, List<String> strings, List<String> hosts) {
        if (strings.isEmpty() && hosts.isEmpty()) {
            return type.toString();
        }
        MessageDigest digest = Sha256.begin();
        for (List<String> part : List.of(strings, hosts)) {
            part.stream().sorted().forEach(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
            digest.update((byte) 0);
        }
        return type + ":" + HexFormat.of().formatHex(digest.digest(), 0, KEY_OCTETS);
    }

    /// The type of the policy that a key stands for; empty if it is none.
    static Optional<TlsTrial.Type> type(String key) {
        if (!KEY.matcher(key).matches()) {
            return Optional.empty();
        }
        int colon = key.indexOf(':');
        String word = colon < 0 ? key : key.substring(0, colon);
        return Arrays.stream(TlsTrial.Type.values())
                .filter(type -> type.toString().equals(word))
                .findFirst();
    }

    /// The policy that a row names.
    ///
    /// @throws IllegalArgumentException if the key is none
    public Text text(String key) {
        return Optional.ofNullable(texts.get(key))
                .or(() -> type(key).map(type -> new Text(type, List.of(), List.of())))
                .orElseThrow(() -> new IllegalArgumentException("no key of a policy: " + key));
    }

    /// All that stand in one or the other, the same object if the other has nothing new, or there is no room for it.
    SessionPolicies with(SessionPolicies other) {
        if (texts.size() >= MOST || texts.keySet().containsAll(other.texts.keySet())) {
            return this;
        }
        Map<String, Text> all = new LinkedHashMap<>(texts);
        other.texts.entrySet().stream()
                .filter(one -> !all.containsKey(one.getKey()))
                .limit(MOST - texts.size())
                .forEach(one -> all.put(one.getKey(), one.getValue()));
        return new SessionPolicies(all);
    }

    /// The first chars of a text, no more than these, and no half of a character that needs two.
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    private static List<String> bounded(List<String> lines) {
        List<String> kept = new ArrayList<>();
        int room = LONGEST;
        for (String line : lines.subList(0, Math.min(lines.size(), MOST_LINES))) {
            if (room > 0) {
                kept.add(cut(line, room));
                room -= line.length();
            }
        }
        return List.copyOf(kept);
    }
}
