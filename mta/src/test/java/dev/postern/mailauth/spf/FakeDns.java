package dev.postern.mailauth.spf;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A domain name system in memory that holds any text and counts the questions; names without
/// records do not exist.
final class FakeDns implements Resolver {
    private record Key(DomainName name, RecordType<?> type) {}

    private final Map<Key, List<Object>> records = new HashMap<>();
    private final Set<DomainName> names = new HashSet<>();
    private final Set<DomainName> silent = new HashSet<>();
    private final List<String> questions = new ArrayList<>();
    private Runnable onQuestion = () -> {};

    FakeDns txt(String name, String text) {
        return add(name, RecordType.TXT, text);
    }

    FakeDns a(String name, String... addresses) {
        for (String address : addresses) {
            add(name, RecordType.A, IpText.ip4(address).orElseThrow());
        }
        return this;
    }

    FakeDns aaaa(String name, String... addresses) {
        for (String address : addresses) {
            add(name, RecordType.AAAA, IpText.ip6(address).orElseThrow());
        }
        return this;
    }

    FakeDns mx(String name, int preference, String host) {
        return add(
                name,
                RecordType.MX,
                host.isEmpty() ? new MxRecord(preference, Optional.empty()) : MxRecord.of(preference, host));
    }

    FakeDns ptr(String name, String... hosts) {
        for (String host : hosts) {
            add(name, RecordType.PTR, DomainName.of(host));
        }
        return this;
    }

    /// No question about this name is answered, except those for records that it has.
    FakeDns silent(String name) {
        silent.add(DomainName.of(name));
        return this;
    }

    /// What happens at each question, before its answer.
    FakeDns onQuestion(Runnable what) {
        onQuestion = what;
        return this;
    }

    /// All questions so far, such as `a.example TXT`.
    List<String> questions() {
        return List.copyOf(questions);
    }

    private <R> FakeDns add(String name, RecordType<R> type, R data) {
        DomainName owner = DomainName.of(name);
        names.add(owner);
        records.computeIfAbsent(new Key(owner, type), _ -> new ArrayList<>()).add(data);
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // add() files each record under its type
    public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
        onQuestion.run();
        questions.add(name + " " + type);
        List<R> found = (List<R>) records.getOrDefault(new Key(name, type), List.of());
        if (!found.isEmpty()) {
            return new DnsAnswer.Found<>(found, name, Duration.ofMinutes(5), false);
        }
        if (silent.contains(name)) {
            return new DnsAnswer.Failed<>("no answer came");
        }
        return names.contains(name)
                ? new DnsAnswer.NoData<>(Duration.ofMinutes(1), false)
                : new DnsAnswer.NoDomain<>(Duration.ofMinutes(1), false);
    }
}
