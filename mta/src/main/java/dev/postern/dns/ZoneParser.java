package dev.postern.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads one master file; used once.
///
/// ```
/// entry     = blank / directive / [ owner ] [ ttl ] [ "IN" ] type rdata      ; each with an optional comment
/// directive = "$ORIGIN" name / "$TTL" ttl / "$AUTHENTIC" ( "yes" / "no" )
/// ttl       = 1*( 1*DIGIT [ "s" / "m" / "h" / "d" / "w" ] )
/// ```
///
/// @rfc 1035 §5.1
final class ZoneParser {
    private static final Duration DEFAULT_TTL = Duration.ofMinutes(5);
    private static final long MAX_TTL_SECONDS = Integer.MAX_VALUE;
    private static final int MAX_FAULTS = 100;

    private static final Set<String> NEVER_ASKED = Set.of(
            "SOA",
            "SRV",
            "CAA",
            "HINFO",
            "NAPTR",
            "DS",
            "DNSKEY",
            "RRSIG",
            "NSEC",
            "NSEC3",
            "NSEC3PARAM",
            "CDS",
            "CDNSKEY",
            "SSHFP",
            "SVCB",
            "HTTPS",
            "LOC",
            "RP",
            "DNAME");

    private final List<List<ZoneWord>> entries;
    private final List<Zone.Fault> faults = new ArrayList<>();
    private final Map<DomainName, Draft> drafts = new LinkedHashMap<>();
    private @Nullable DomainName origin;
    private @Nullable DomainName owner;
    private Duration ttl = DEFAULT_TTL;
    private boolean authentic;

    ZoneParser(String text) {
        this.entries = new ZoneWords(text, faults).entries();
    }

    Zone.Reading read() {
        for (List<ZoneWord> entry : entries) {
            if (faults.size() >= MAX_FAULTS) {
                break;
            }
            readEntry(entry);
        }
        Map<DomainName, Zone.Node> nodes = new HashMap<>();
        drafts.forEach((name, draft) -> nodes.put(name, draft.node()));
        return faults.isEmpty() ? new Zone.Good(new Zone(nodes)) : new Zone.Bad(faults);
    }

    private void readEntry(List<ZoneWord> entry) {
        ZoneWord first = entry.getFirst();
        if (first.text().startsWith("$")) {
            readDirective(entry);
            return;
        }
        int at = 0;
        if (first.column() == 1) {
            owner = name(first).orElse(null);
            if (owner == null) {
                return;
            }
            at = 1;
        } else if (owner == null) {
            fault(
                    first,
                    "a line that begins with a blank belongs to the name above it, and there is none; begin the line"
                            + " with a name");
            return;
        }
        Duration own = ttl;
        while (at < entry.size()) {
            ZoneWord word = entry.get(at);
            if (word.text().equalsIgnoreCase("IN")) {
                at++;
            } else if (!word.quoted()
                    && !word.text().isEmpty()
                    && Character.isDigit(word.text().charAt(0))) {
                Optional<Duration> said = duration(word);
                if (said.isEmpty()) {
                    return;
                }
                own = said.get();
                at++;
            } else {
                readData(owner, own, word, entry.subList(at + 1, entry.size()));
                return;
            }
        }
        fault(
                entry.getLast(),
                "a name without a record; write a type and its data behind it, such as MX 10 mx.example.org.");
    }

    private void readDirective(List<ZoneWord> entry) {
        ZoneWord directive = entry.getFirst();
        if (entry.size() != 2) {
            fault(directive, directive.text() + " takes exactly one word behind it");
            return;
        }
        ZoneWord value = entry.get(1);
        switch (directive.text()) {
            case "$ORIGIN" -> {
                if (value.text().equals(".")) {
                    origin = null;
                } else {
                    name(value).ifPresent(name -> origin = name);
                }
            }
            case "$TTL" -> duration(value).ifPresent(time -> ttl = time);
            case "$AUTHENTIC" -> {
                if (value.text().equals("yes") || value.text().equals("no")) {
                    authentic = value.text().equals("yes");
                } else {
                    fault(value, "$AUTHENTIC is yes or no, not " + value.text());
                }
            }
            default ->
                fault(
                        directive,
                        "no directive " + directive.text() + " is known; there are $ORIGIN, $TTL and $AUTHENTIC");
        }
    }

    private void readData(DomainName name, Duration time, ZoneWord type, List<ZoneWord> data) {
        Draft draft = drafts.computeIfAbsent(name, fresh -> new Draft());
        draft.authentic &= authentic;
        switch (type.text().toUpperCase(Locale.ROOT)) {
            case "A" -> one(type, data).flatMap(this::ip4).ifPresent(a -> add(draft, RecordType.A, a, time, type));
            case "AAAA" ->
                one(type, data).flatMap(this::ip6).ifPresent(a -> add(draft, RecordType.AAAA, a, time, type));
            case "NS" -> one(type, data).flatMap(this::name).ifPresent(n -> add(draft, RecordType.NS, n, time, type));
            case "PTR" -> one(type, data).flatMap(this::name).ifPresent(n -> add(draft, RecordType.PTR, n, time, type));
            case "CNAME" ->
                one(type, data).flatMap(this::name).ifPresent(n -> add(draft, RecordType.CNAME, n, time, type));
            case "MX" -> exchanger(type, data).ifPresent(mx -> add(draft, RecordType.MX, mx, time, type));
            case "TXT" -> texts(type, data).ifPresent(text -> add(draft, RecordType.TXT, text, time, type));
            case "TLSA" -> association(type, data).ifPresent(tlsa -> add(draft, RecordType.TLSA, tlsa, time, type));
            case "SERVFAIL" -> trouble(draft, Zone.Trouble.SERVFAIL, data);
            case "TIMEOUT" -> trouble(draft, Zone.Trouble.TIMEOUT, data);
            default -> {
                if (!NEVER_ASKED.contains(type.text().toUpperCase(Locale.ROOT))) {
                    fault(
                            type,
                            "no record type " + type.text()
                                    + " is known; there are A, AAAA, CNAME, MX, NS, PTR, TXT, TLSA, and SERVFAIL and TIMEOUT for"
                                    + " questions that fail");
                }
            }
        }
    }

    private <R> void add(Draft draft, RecordType<R> type, R record, Duration time, ZoneWord at) {
        boolean alias = draft.records.containsKey(RecordType.CNAME);
        if (type.equals(RecordType.CNAME) ? !draft.records.isEmpty() : alias) {
            fault(
                    at,
                    "a name with a CNAME has no other record and no second CNAME (RFC 2181 §10.1); remove one of them");
            return;
        }
        draft.records.computeIfAbsent(type, fresh -> new ArrayList<>()).add(record);
        draft.ttls.merge(type, time, (a, b) -> a.compareTo(b) <= 0 ? a : b);
    }

    private Optional<MxRecord> exchanger(ZoneWord type, List<ZoneWord> data) {
        if (data.size() != 2) {
            fault(type, "an MX has a preference and a host, such as MX 10 mx.example.org.");
            return Optional.empty();
        }
        Optional<Integer> preference = number(data.get(0), 0xFFFF);
        if (preference.isEmpty()) {
            return Optional.empty();
        }
        if (data.get(1).text().equals(".")) {
            return Optional.of(new MxRecord(preference.get(), Optional.empty()));
        }
        return name(data.get(1)).map(host -> new MxRecord(preference.get(), Optional.of(host)));
    }

    private Optional<String> texts(ZoneWord type, List<ZoneWord> data) {
        if (data.isEmpty()) {
            fault(type, "a TXT has at least one text, in quotes");
            return Optional.empty();
        }
        StringBuilder joined = new StringBuilder();
        data.forEach(word -> joined.append(word.text()));
        return Optional.of(joined.toString());
    }

    private Optional<TlsaRecord> association(ZoneWord type, List<ZoneWord> data) {
        if (data.size() < 4) {
            fault(type, "a TLSA has usage, selector, matching type and hexadecimal data, such as TLSA 3 1 1 0123abcd");
            return Optional.empty();
        }
        List<Integer> numbers = new ArrayList<>();
        for (ZoneWord word : data.subList(0, 3)) {
            number(word, 0xFF).ifPresent(numbers::add);
        }
        StringBuilder hex = new StringBuilder();
        data.subList(3, data.size()).forEach(word -> hex.append(word.text()));
        if (hex.length() % 2 != 0 || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            fault(data.get(3), "the data of a TLSA are pairs of hexadecimal digits");
            return Optional.empty();
        }
        return numbers.size() < 3
                ? Optional.empty()
                : Optional.of(new TlsaRecord(numbers.get(0), numbers.get(1), numbers.get(2), hex.toString()));
    }

    private void trouble(Draft draft, Zone.Trouble trouble, List<ZoneWord> types) {
        if (types.isEmpty()) {
            draft.allTypes = Optional.of(trouble);
        }
        for (ZoneWord word : types) {
            Optional<RecordType<?>> type = type(word.text());
            if (type.isPresent()) {
                draft.troubles.put(type.get(), trouble);
            } else {
                fault(word, trouble + " is followed by record types or by nothing, not by " + word.text());
            }
        }
    }

    private static Optional<RecordType<?>> type(String mnemonic) {
        return List.<RecordType<?>>of(
                        RecordType.A,
                        RecordType.AAAA,
                        RecordType.CNAME,
                        RecordType.MX,
                        RecordType.NS,
                        RecordType.PTR,
                        RecordType.TXT,
                        RecordType.TLSA)
                .stream()
                .filter(type -> type.mnemonic().equalsIgnoreCase(mnemonic))
                .findFirst();
    }

    private Optional<ZoneWord> one(ZoneWord type, List<ZoneWord> data) {
        if (data.size() == 1) {
            return Optional.of(data.getFirst());
        }
        fault(type, type.text() + " takes exactly one word behind it, here are " + data.size());
        return Optional.empty();
    }

    private Optional<Inet4Address> ip4(ZoneWord word) {
        Optional<Inet4Address> address = IpText.ip4(word.text());
        if (address.isEmpty()) {
            fault(word, word.text() + " is no IPv4 address; write one such as 192.0.2.1");
        }
        return address;
    }

    private Optional<Inet6Address> ip6(ZoneWord word) {
        Optional<Inet6Address> address = IpText.ip6(word.text());
        if (address.isEmpty()) {
            fault(word, word.text() + " is no IPv6 address; write one such as 2001:db8::1");
        }
        return address;
    }

    private Optional<Integer> number(ZoneWord word, int most) {
        if (word.text().matches("\\d{1,5}")) {
            int number = Integer.parseInt(word.text());
            if (number <= most) {
                return Optional.of(number);
            }
        }
        fault(word, word.text() + " is no number from 0 to " + most);
        return Optional.empty();
    }

    private Optional<Duration> duration(ZoneWord word) {
        long seconds = 0;
        long digits = -1;
        for (char c : word.text().toLowerCase(Locale.ROOT).toCharArray()) {
            if (c >= '0' && c <= '9') {
                digits = Math.min(MAX_TTL_SECONDS, Math.max(0, digits) * 10 + (c - '0'));
            } else {
                long unit = switch (c) {
                    case 's' -> 1;
                    case 'm' -> 60;
                    case 'h' -> 3_600;
                    case 'd' -> 86_400;
                    case 'w' -> 604_800;
                    default -> 0;
                };
                if (digits < 0 || unit == 0) {
                    fault(word, word.text() + " is no time to live; write seconds, or such as 5m, 1h30m, 1d");
                    return Optional.empty();
                }
                seconds = Math.min(MAX_TTL_SECONDS, seconds + digits * unit);
                digits = -1;
            }
        }
        return Optional.of(Duration.ofSeconds(Math.min(MAX_TTL_SECONDS, seconds + Math.max(0, digits))));
    }

    private Optional<DomainName> name(ZoneWord word) {
        String text = word.characters();
        DomainName base = origin;
        if (text.equals("@")) {
            if (base == null) {
                fault(word, "@ stands for the origin, and none is set; write $ORIGIN and a name above");
            }
            return Optional.ofNullable(base);
        }
        Optional<DomainName> name = DomainName.parse(text.endsWith(".") || base == null ? text : text + "." + base);
        if (name.isEmpty()) {
            fault(word, text + " is no domain name");
        }
        return name;
    }

    private void fault(ZoneWord at, String what) {
        faults.add(new Zone.Fault(at.line(), at.column(), what));
    }

    /// One name's records while they are gathered.
    private static final class Draft {
        private boolean authentic = true;
        private final Map<RecordType<?>, List<Object>> records = new LinkedHashMap<>();
        private final Map<RecordType<?>, Duration> ttls = new HashMap<>();
        private final Map<RecordType<?>, Zone.Trouble> troubles = new HashMap<>();
        private Optional<Zone.Trouble> allTypes = Optional.empty();

        private Zone.Node node() {
            Map<RecordType<?>, Zone.RecordSet<?>> sets = new HashMap<>();
            records.forEach(
                    (type, list) -> sets.put(type, new Zone.RecordSet<>(list, ttls.getOrDefault(type, DEFAULT_TTL))));
            return new Zone.Node(authentic, sets, troubles, allTypes);
        }
    }
}
