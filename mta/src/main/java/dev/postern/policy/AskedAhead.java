package dev.postern.policy;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/// A resolver that has asked for the TXT records of some names already, all at the same time, and waits for each answer
/// when it is wanted: together they take as long as the slowest, and none waits for another. Other questions go
/// through.
final class AskedAhead implements Resolver {
    private final Resolver resolver;
    private final Map<DomainName, Future<DnsAnswer<String>>> answers = new HashMap<>();

    /// @param threads runs each question
    AskedAhead(Resolver resolver, Collection<DomainName> names, ExecutorService threads) {
        this.resolver = resolver;
        for (DomainName name : names) {
            answers.computeIfAbsent(name, one -> threads.submit(() -> resolver.resolve(one, RecordType.TXT)));
        }
    }

    @Override
    public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
        Future<DnsAnswer<String>> answer = answers.get(name);
        return answer != null && type.equals(RecordType.TXT) ? await(answer) : resolver.resolve(name, type);
    }

    /// The type of the question was TXT, so its records are texts.
    @SuppressWarnings("unchecked")
    private static <R> DnsAnswer<R> await(Future<DnsAnswer<String>> answer) {
        try {
            return (DnsAnswer<R>) answer.get();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return new DnsAnswer.Failed<>("the thread that asked was interrupted");
        } catch (ExecutionException never) {
            throw new IllegalStateException("a question ended in an exception", never);
        }
    }
}
