package dev.postern.dns.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import dev.postern.dns.TlsaRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Answers that are kept for as long as they may be; shared by all threads, guarded by itself.
final class AnswerCache {
    private static final int ENTRY_OCTETS = 200;
    private static final int RECORD_OCTETS = 80;

    private final CacheSettings settings;
    private final LongSupplier nanoTime;
    private final Cache<Question, Kept> kept;

    AnswerCache(CacheSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.kept = Caffeine.newBuilder()
                .maximumWeight(settings.octets())
                .weigher((Question question, Kept entry) -> weight(entry.answer()))
                .expireAfter(Expiry.creating((Question question, Kept entry) -> Duration.ofNanos(entry.life())))
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /// An answer and how long it lives.
    private record Kept(DnsAnswer<?> answer, long born, long life) {}

    /// The answer kept for a question, with the time that is left to it.
    <R> Optional<DnsAnswer<R>> get(DomainName name, RecordType<R> type) {
        Kept entry = kept.getIfPresent(new Question(name, type));
        if (entry == null) {
            return Optional.empty();
        }
        Duration age = Duration.ofNanos(nanoTime.getAsLong() - entry.born());
        return Optional.of(aged(typed(entry.answer(), type), age));
    }

    /// Only answers for questions of this type are filed under it.
    @SuppressWarnings({"unchecked", "unused"})
    private static <R> DnsAnswer<R> typed(DnsAnswer<?> answer, RecordType<R> type) {
        return (DnsAnswer<R>) answer;
    }

    /// Keeps an answer, unless it has no time to live.
    <R> void put(DomainName name, RecordType<R> type, DnsAnswer<R> answer) {
        long life = life(answer).toNanos();
        if (life > 0) {
            kept.put(new Question(name, type), new Kept(answer, nanoTime.getAsLong(), life));
        }
    }

    /// Forgets everything.
    void clear() {
        kept.invalidateAll();
    }

    private Duration life(DnsAnswer<?> answer) {
        return switch (answer) {
            case DnsAnswer.Found<?> found -> within(found.ttl(), settings.ceiling());
            case DnsAnswer.NoData<?> none -> within(none.ttl(), settings.negativeCeiling());
            case DnsAnswer.NoDomain<?> none -> within(none.ttl(), settings.negativeCeiling());
            case DnsAnswer.Failed<?> failed -> settings.failure();
        };
    }

    private Duration within(Duration ttl, Duration ceiling) {
        return max(settings.floor(), ttl.compareTo(ceiling) < 0 ? ttl : ceiling);
    }

    private static <R> DnsAnswer<R> aged(DnsAnswer<R> answer, Duration age) {
        return switch (answer) {
            case DnsAnswer.Found<R> found ->
                new DnsAnswer.Found<>(found.records(), found.canonical(), left(found.ttl(), age), found.authentic());
            case DnsAnswer.NoData<R> none -> new DnsAnswer.NoData<>(left(none.ttl(), age), none.authentic());
            case DnsAnswer.NoDomain<R> none -> new DnsAnswer.NoDomain<>(left(none.ttl(), age), none.authentic());
            case DnsAnswer.Failed<R> failed -> failed;
        };
    }

    private static Duration left(Duration ttl, Duration age) {
        return max(Duration.ZERO, ttl.minus(age));
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static int weight(DnsAnswer<?> answer) {
        long octets = ENTRY_OCTETS;
        for (Object record : answer.recordsOrNone()) {
            octets += RECORD_OCTETS + content(record);
        }
        return (int) Math.min(Integer.MAX_VALUE, octets);
    }

    /// What a record has of octets that whoever publishes it is free to choose.
    private static int content(Object record) {
        return switch (record) {
            case String text -> text.length();
            case TlsaRecord tlsa -> tlsa.associationHex().length();
            case DomainName name -> name.text().length();
            case MxRecord mx -> mx.host().map(host -> host.text().length()).orElse(0);
            default -> 0; // addresses and the like, all of one size
        };
    }
}
