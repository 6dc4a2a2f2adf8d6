package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A name space of its own on loopback, from a signed root with a key of its own down: Knot DNS signs and serves its
/// zones, and takes changes of them under a key (RFC 2136); {@link Unbound} beside it finds and validates them.
public final class SignedZones implements AutoCloseable {
    /// The name of the key under which changes are taken.
    public static final String UPDATE_KEY = "update.test";

    /// Its secret, in base64, for hmac-sha256.
    public static final String UPDATE_SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static final String PEER = "knot";
    private static final int DNS_PORT = 53;
    private static final int MISSING_TAG = 1;

    // %PORT%, %ADDRESS%, %KEY%, %SECRET% and %ZONES% are filled in.
    private static final String CONFIGURATION = """
            server:
                rundir: "/mnt/run"
                listen: [127.0.0.1@%PORT%, %ADDRESS%@53]
                udp-workers: 1
                tcp-workers: 1
                background-workers: 2
            log:
              - target: stderr
                any: info
            database:
                storage: "/mnt/db"
            key:
              - id: %KEY%.
                algorithm: hmac-sha256
                secret: %SECRET%
            acl:
              - id: update
                key: %KEY%.
                action: update
            policy:
              - id: plain
                manual: on
                single-type-signing: on
                algorithm: ecdsap256sha256
                nsec3: off
              - id: hashed
                manual: on
                single-type-signing: on
                algorithm: ecdsap256sha256
                nsec3: on
                nsec3-iterations: 0
            template:
              - id: default
                storage: "/mnt/zones"
                zonefile-sync: -1
                zonefile-load: difference-no-serial
                journal-content: all
                acl: update
            zone:
            %ZONES%""";

    private static final String APEX = """
            $ORIGIN %ORIGIN%
            $TTL 60
            @ SOA ns.root.test. joe.root.test. 1 3600 600 86400 60
            @ NS ns.root.test.
            """;

    private final Folder folder;
    private final Endpoint primary;
    private final Tree tree;
    private final ServedPeer knot;
    private final Unbound unbound;

    private SignedZones(Folder folder, Endpoint primary, Tree tree, ServedPeer knot, Unbound unbound) {
        this.folder = folder;
        this.primary = primary;
        this.tree = tree;
        this.knot = knot;
        this.unbound = unbound;
    }

    /// Where Knot listens: a port of 127.0.0.1, and port 53 of another address.
    private record Endpoint(int port, String address) {}

    /// All zones by domain, and the DS record of each as the zone above it publishes it.
    private record Tree(Map<String, Zone> zones, Map<String, String> digests) {}

    /// How a zone is signed.
    public enum Signing {
        /// Rightly, absence proven by NSEC.
        SECURE,
        /// Rightly, absence proven by NSEC3.
        HASHED,
        /// Not at all, and the zone above it proves that.
        INSECURE,
        /// By a key that the zone above it does not know: its answers are bogus.
        FOREIGN_KEY,
        /// Not at all, though the zone above it says that it is: its answers are bogus.
        STRIPPED;

        private Optional<String> policy() {
            return switch (this) {
                case SECURE, FOREIGN_KEY -> Optional.of("plain");
                case HASHED -> Optional.of("hashed");
                case INSECURE, STRIPPED -> Optional.empty();
            };
        }
    }

    /// A zone.
    ///
    /// @param records a master file with names that end in a dot, without SOA and NS
    public record Zone(Signing signing, String records) {}

    /// Starts both servers in this folder; returns when they answer with signed zones.
    ///
    /// @param below the zones below the root by domain, without a final dot; the root is signed with NSEC
    public static SignedZones start(Path path, Map<String, Zone> below) throws IOException, InterruptedException {
        Folder folder = Folder.at(path.resolve("knot"));
        int port = Ports.free();
        String address = Ports.freeAddress(DNS_PORT);
        Map<String, Zone> zones = new LinkedHashMap<>();
        zones.put("", new Zone(Signing.SECURE, "ns.root.test. A " + address + "\n"));
        zones.putAll(below);
        folder.folder("db", 0);
        folder.folder("run", 0);
        folder.file("knot.conf", configuration(port, address, zones));
        Map<String, String> digests = digests(folder, zones);
        for (Map.Entry<String, Zone> zone : zones.entrySet()) {
            folder.file(
                    file(zone.getKey()),
                    APEX.replace("%ORIGIN%", zone.getKey() + ".")
                            + zone.getValue().records()
                            + delegations(zone.getKey(), zones, digests));
        }
        Path anchors = Files.writeString(path.resolve("anchors"), digests.get(""));
        ServedPeer knot = ServedPeer.start(PEER, folder.path(), List.of("knotd", "-c", "/mnt/knot.conf"), port);
        try {
            for (Map.Entry<String, Zone> zone : zones.entrySet()) {
                if (zone.getValue().signing().policy().isPresent()) {
                    awaitSigned(knot, zone.getKey());
                }
            }
            Unbound unbound = Unbound.start(path.resolve("unbound"), address, anchors);
            return new SignedZones(folder, new Endpoint(port, address), new Tree(zones, digests), knot, unbound);
        } catch (IOException | InterruptedException | RuntimeException | Error failed) {
            knot.close();
            throw failed;
        }
    }

    private static void awaitSigned(ServedPeer knot, String domain) throws IOException, InterruptedException {
        String done = "[" + domain + ".] DNSSEC, successfully signed";
        Await.until(
                Duration.ofSeconds(30),
                () -> knot.log().contains(done),
                () -> "the zone " + domain + ". is not signed\n" + knot.log());
    }

    private static String file(String domain) {
        return "zones/" + (domain.isEmpty() ? "root" : domain) + ".zone";
    }

    private static String configuration(int port, String address, Map<String, Zone> zones) {
        StringBuilder text = new StringBuilder();
        zones.forEach((domain, zone) -> {
            text.append("  - domain: ").append(domain).append(".\n");
            text.append("    file: /mnt/").append(file(domain)).append('\n');
            zone.signing()
                    .policy()
                    .ifPresent(policy -> text.append("    dnssec-signing: on\n    dnssec-policy: ")
                            .append(policy)
                            .append('\n'));
        });
        return CONFIGURATION
                .replace("%PORT%", Integer.toString(port))
                .replace("%ADDRESS%", address)
                .replace("%KEY%", UPDATE_KEY)
                .replace("%SECRET%", UPDATE_SECRET)
                .replace("%ZONES%", text);
    }

    /// The DS record of each zone, as the zone above it publishes it; none of one that is not signed.
    private static Map<String, String> digests(Folder folder, Map<String, Zone> zones)
            throws IOException, InterruptedException {
        Map<String, String> digests = new LinkedHashMap<>();
        for (Map.Entry<String, Zone> zone : zones.entrySet()) {
            String name = zone.getKey() + ".";
            String invented = name + " IN DS " + MISSING_TAG + " 13 2 " + "00".repeat(32) + "\n";
            digests.put(
                    zone.getKey(),
                    switch (zone.getValue().signing()) {
                        case SECURE, HASHED -> generated(folder, name);
                        case FOREIGN_KEY -> {
                            generated(folder, name);
                            yield invented;
                        }
                        case STRIPPED -> invented;
                        case INSECURE -> "";
                    });
        }
        return digests;
    }

    private static String generated(Folder folder, String name) throws IOException, InterruptedException {
        keymgr(folder, name, "generate", "algorithm=13", "ksk=yes", "zsk=yes");
        return keymgr(folder, name, "ds")
                .lines()
                .map(line -> line.split(" "))
                .filter(words -> words.length == 6 && words[1].equals("DS") && words[4].equals("2"))
                .map(words ->
                        words[0] + " IN DS " + String.join(" ", List.of(words).subList(2, 6)) + "\n")
                .findFirst()
                .orElseThrow(() -> new IOException("keymgr has no DS record for " + name));
    }

    private static String keymgr(Folder folder, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("keymgr", "-c", "/mnt/knot.conf"));
        command.addAll(List.of(words));
        Finished done = Peers.exec(PEER, folder.path(), command.toArray(String[]::new));
        if (done.exitCode() != 0) {
            throw new IOException("keymgr failed: " + done);
        }
        return done.output();
    }

    /// What a zone says of those right below it.
    private static String delegations(String domain, Map<String, Zone> zones, Map<String, String> digests) {
        StringBuilder text = new StringBuilder();
        for (String other : zones.keySet()) {
            if (!other.isEmpty() && parent(other, zones).equals(domain)) {
                text.append(other).append(". NS ns.root.test.\n").append(digests.get(other));
            }
        }
        return text.toString();
    }

    private static String parent(String domain, Map<String, Zone> zones) {
        return zones.keySet().stream()
                .filter(other -> other.isEmpty() || domain.endsWith("." + other))
                .max(Comparator.comparingInt(String::length))
                .orElseThrow();
    }

    /// Lets a zone have other records; returns when both servers answer with them.
    public void change(String domain, String records) throws IOException, InterruptedException {
        folder.file(file(domain), text(domain, records));
        Knot.readAgain(folder, domain + ".", knot);
        unbound.forget();
    }

    private String text(String domain, String records) {
        return APEX.replace("%ORIGIN%", domain + ".") + records + delegations(domain, tree.zones(), tree.digests());
    }

    /// The file of the root's DS record, for whoever validates.
    public Path anchors() {
        return folder.path().resolveSibling("anchors");
    }

    /// Who finds and validates everything: its word on what is authentic can be taken.
    public Unbound resolver() {
        return unbound;
    }

    /// The port of the primary server of all zones on 127.0.0.1, which takes updates.
    public int primaryPort() {
        return primary.port();
    }

    /// The loopback address at whose port 53 it listens too.
    public String primaryAddress() {
        return primary.address();
    }

    /// How a zone is signed.
    public Signing signing(String domain) {
        return Optional.ofNullable(tree.zones().get(domain)).orElseThrow().signing();
    }

    /// The logs of both so far.
    public String log() {
        return knot.log() + unbound.log();
    }

    @Override
    public void close() {
        unbound.close();
        knot.close();
    }
}
