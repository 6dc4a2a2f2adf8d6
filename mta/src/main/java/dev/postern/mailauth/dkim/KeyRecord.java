package dev.postern.mailauth.dkim;

import dev.postern.mailauth.TagList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// What a domain publishes about a key.
///
/// @param keyType `k=`, rsa where there is none
/// @param key `p=`, in base64 without white space; empty for a key that was revoked
/// @param hashes `h=`, empty for all
/// @param services `s=`, empty for all
/// @param flags `t=`
/// @rfc 6376 §3.6.1
record KeyRecord(String keyType, String key, List<String> hashes, List<String> services, List<String> flags) {
    /// The record that a text is.
    ///
    /// @throws SignatureFault if it is none
    static KeyRecord parse(String text) throws SignatureFault {
        TagList tags;
        try {
            tags = TagList.parse(text);
        } catch (TagList.BadTagListException e) {
            throw SignatureFault.permanent("the record of the key is no list of tags: " + e.getMessage());
        }
        if (tags.value("v").isPresent()
                && !(tags.tags().keySet().iterator().next().equals("v")
                        && tags.value("v").get().equals("DKIM1"))) {
            throw SignatureFault.permanent("the record of the key does not begin with v=DKIM1");
        }
        String key = tags.compact("p").orElseThrow(() -> SignatureFault.permanent("the record of the key has no p="));
        return new KeyRecord(tags.compact("k").orElse("rsa"), key, list(tags, "h"), list(tags, "s"), list(tags, "t"));
    }

    private static List<String> list(TagList tags, String name) {
        return tags.compact(name)
                .map(text -> Arrays.asList(text.split(":", -1)))
                .orElse(List.of());
    }

    /// Whether signatures are no proof yet: t=y.
    boolean testing() {
        return flags.contains("y");
    }

    /// Whether subdomains may not sign by it: t=s.
    boolean strict() {
        return flags.contains("s");
    }

    /// The octets of the key, if it may be used with an algorithm for mail.
    ///
    /// @throws SignatureFault if it may not
    byte[] keyFor(DkimAlgorithm algorithm) throws SignatureFault {
        if (key.isEmpty()) {
            throw SignatureFault.permanent("the key was revoked");
        }
        if (!keyType.equalsIgnoreCase(algorithm.keyType())) {
            throw SignatureFault.permanent("the key is not one for " + algorithm.tag());
        }
        if (!hashes.isEmpty() && hashes.stream().noneMatch("sha256"::equalsIgnoreCase)) {
            throw SignatureFault.permanent("the key is not for SHA-256");
        }
        if (!services.isEmpty()
                && services.stream().noneMatch(service -> service.equals("*") || service.equalsIgnoreCase("email"))) {
            throw SignatureFault.permanent("the key is not for mail");
        }
        try {
            return Base64.getDecoder().decode(key);
        } catch (IllegalArgumentException e) {
            throw SignatureFault.permanent("p= of the key is no base64");
        }
    }
}
