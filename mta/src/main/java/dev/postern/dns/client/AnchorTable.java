package dev.postern.dns.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/// What is known of the keys of the zones that trust begins with: those that were configured, and those that followed
/// from them since; a value.
///
/// ```
///                   NEXT STATE
/// FROM       Start     AddPend   Valid    Missing  Revoked  Removed
/// Start                NewKey
/// AddPend    KeyRem              AddTime
/// Valid                                   KeyRem   RevBit
/// Missing                        KeyPres           RevBit
/// Revoked                                                   RemTime
/// ```
///
/// A key that was configured begins as Valid. `Deviates:` a configured key that was not seen yet is trusted
/// too, so that a newer version of this program, or a hand, can bring the next key where the zone could not
/// be asked for long.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5011 RFC 5011
/// @rfc 5011 §4.1
public final class AnchorTable {
    /// How long a new key has to be seen before it is trusted, and a revoked one is remembered as such (RFC 5011
    /// §2.4.1, §2.4.2).
    public static final Duration HOLD_DOWN = Duration.ofDays(30);

    private static final int MOST_KEYS = 64;

    private final TrustAnchors configured;
    private final List<TrackedKey> keys;

    private AnchorTable(TrustAnchors configured, List<TrackedKey> keys) {
        this.configured = configured;
        this.keys = List.copyOf(keys);
    }

    /// The table before anything was seen.
    public static AnchorTable of(TrustAnchors configured) {
        return new AnchorTable(configured, List.of());
    }

    /// Reads what {@link #text} wrote.
    ///
    /// ```
    /// table = *( state SP instant SP key LF / ";" *char LF )
    /// ```
    ///
    /// @throws IOException with a sentence for the administrator, if it is not such a text
    public static AnchorTable parse(String text, TrustAnchors configured) throws IOException {
        List<TrackedKey> keys = new ArrayList<>();
        List<String> lines = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(";"))
                .toList();
        if (lines.size() > MOST_KEYS) {
            throw new IOException("there are more than " + MOST_KEYS + " keys");
        }
        for (String line : lines) {
            String[] parts = line.split(" ", 3);
            Optional<TrackedKey> key = parts.length < 3 ? Optional.empty() : key(parts[0], parts[1], parts[2]);
            keys.add(key.orElseThrow(() -> new IOException("this is no key and its state: " + line)));
        }
        return new AnchorTable(configured, keys);
    }

    private static Optional<TrackedKey> key(String state, String since, String record) throws IOException {
        Optional<TrackedKey.State> known = Stream.of(TrackedKey.State.values())
                .filter(one -> one.name().equals(state))
                .findFirst();
        byte[] line = record.getBytes(StandardCharsets.ISO_8859_1);
        try (Master master = new Master(new ByteArrayInputStream(line), Name.root, 0)) {
            master.disableIncludes();
            return known.isPresent()
                            && master.nextRecord() instanceof DNSKEYRecord key
                            && (key.getFlags() & TrackedKey.REVOKE) == 0
                    ? Optional.of(new TrackedKey(key, known.get(), Instant.parse(since)))
                    : Optional.empty();
        } catch (DateTimeException noInstant) {
            return Optional.empty(); // the exception is how the platform says "no"
        }
    }

    /// The table as a text, to be kept in a file.
    public String text() {
        StringBuilder text =
                new StringBuilder("; The keys that DNSSEC begins with, as they were followed (RFC 5011).\n");
        for (TrackedKey key : keys) {
            text.append(key.state())
                    .append(' ')
                    .append(key.since())
                    .append(' ')
                    .append(key.key().toString().replaceAll("\\s+", " "))
                    .append('\n');
        }
        return text.toString();
    }

    /// What is trusted: Valid and Missing keys, and what was configured and is not revoked. Nothing is left where a
    /// zone has revoked all its keys: it counts as one that nobody vouches for (RFC 5011 §5).
    public TrustAnchors anchors() {
        List<Record> trusted = new ArrayList<>();
        configured.records().stream()
                .filter(anchor ->
                        keys.stream().noneMatch(key -> isGone(key.state()) && TrackedKey.names(anchor, key.key())))
                .forEach(trusted::add);
        keys.stream()
                .filter(key -> key.state().isTrusted())
                .map(TrackedKey::key)
                .forEach(trusted::add);
        return TrustAnchors.of(trusted);
    }

    private static boolean isGone(TrackedKey.State state) {
        return state == TrackedKey.State.REVOKED || state == TrackedKey.State.REMOVED;
    }

    /// The zones whose keys are followed.
    Set<Name> zones() {
        return Set.copyOf(configured.zones());
    }

    /// The table after a zone's keys were seen. New ones, and that others are gone, is believed only of a set that a
    /// trusted key has signed; that a key is revoked, of the key itself.
    AnchorTable after(KeySet seen, Instant now) {
        boolean believed = seen.isSignedBy(anchors());
        List<TrackedKey> next = new ArrayList<>();
        for (TrackedKey key : keys) {
            if (!key.key().getName().equals(seen.zone())) {
                next.add(key);
            } else if (seen.revoked().contains(key.key()) || believed) {
                after(key, seen, now).ifPresent(next::add);
            } else {
                next.add(key);
            }
        }
        for (DNSKEYRecord revoked : seen.revoked()) {
            if (isNew(revoked) && isConfigured(revoked)) {
                next.add(new TrackedKey(revoked, TrackedKey.State.REVOKED, now));
            }
        }
        for (DNSKEYRecord key : seen.entryPoints()) {
            if (believed && isNew(key) && next.size() < MOST_KEYS) {
                next.add(new TrackedKey(
                        key, isConfigured(key) ? TrackedKey.State.VALID : TrackedKey.State.ADD_PEND, now));
            }
        }
        return new AnchorTable(configured, next);
    }

    private static Optional<TrackedKey> after(TrackedKey key, KeySet seen, Instant now) {
        boolean revoked = seen.revoked().contains(key.key());
        boolean present = seen.entryPoints().contains(key.key());
        Duration age = Duration.between(key.since(), now);
        return switch (key.state()) {
            case ADD_PEND -> {
                if (!present) {
                    yield Optional.empty();
                }
                Duration hold = seen.ttl().compareTo(HOLD_DOWN) > 0 ? seen.ttl() : HOLD_DOWN;
                yield Optional.of(age.compareTo(hold) >= 0 ? key.become(TrackedKey.State.VALID, now) : key);
            }
            case VALID -> {
                if (revoked) {
                    yield Optional.of(key.become(TrackedKey.State.REVOKED, now));
                }
                yield Optional.of(present ? key : key.become(TrackedKey.State.MISSING, now));
            }
            case MISSING -> {
                if (revoked) {
                    yield Optional.of(key.become(TrackedKey.State.REVOKED, now));
                }
                yield Optional.of(present ? key.become(TrackedKey.State.VALID, now) : key);
            }
            case REVOKED ->
                Optional.of(age.compareTo(HOLD_DOWN) >= 0 ? key.become(TrackedKey.State.REMOVED, now) : key);
            case REMOVED -> Optional.of(key);
        };
    }

    private boolean isNew(DNSKEYRecord key) {
        return keys.stream().noneMatch(known -> known.key().equals(key));
    }

    private boolean isConfigured(DNSKEYRecord key) {
        return configured.records().stream().anyMatch(anchor -> TrackedKey.names(anchor, key));
    }

    /// What is different now, a line for each key such as `. 38696: ADD_PEND to VALID`.
    List<String> changesFrom(AnchorTable before) {
        List<String> changes = new ArrayList<>();
        for (TrackedKey key : keys) {
            Optional<TrackedKey> was = before.find(key.key());
            if (was.isEmpty() || was.get().state() != key.state()) {
                changes.add(
                        words(key) + ": " + was.map(old -> old.state().name()).orElse("START") + " to " + key.state());
            }
        }
        for (TrackedKey key : before.keys) {
            if (find(key.key()).isEmpty()) {
                changes.add(words(key) + ": " + key.state() + " to START");
            }
        }
        return changes;
    }

    private Optional<TrackedKey> find(DNSKEYRecord key) {
        return keys.stream().filter(known -> known.key().equals(key)).findFirst();
    }

    private static String words(TrackedKey key) {
        return key.key().getName() + " " + key.key().getFootprint();
    }
}
