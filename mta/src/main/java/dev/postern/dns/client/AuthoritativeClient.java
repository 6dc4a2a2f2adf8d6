package dev.postern.dns.client;

import dev.postern.dns.AuthoritativeAnswer;
import dev.postern.dns.AuthoritativeResolver;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Asks name servers directly, without recursion, and believes only what they are authoritative for; shared by all
/// threads; keeps nothing and starts no thread.
///
/// @spec https://www.rfc-editor.org/rfc/rfc1035 RFC 1035
/// @rfc 1034 §4.3.1
public final class AuthoritativeClient implements AuthoritativeResolver {
    private final int port;
    private final Duration perTry;
    private final int tries;
    private final SecureRandom random = new SecureRandom();

    /// @param port where name servers listen, {@link DnsSettings#DNS_PORT} everywhere but in tests
    /// @param perTry how long one server is waited for, above 0
    /// @param tries how often one that does not answer is asked, at least once
    /// @throws IllegalArgumentException if a bound is out of its range
    public AuthoritativeClient(int port, Duration perTry, int tries) {
        if (port < 1 || port > 0xFFFF || !perTry.isPositive() || tries < 1) {
            throw new IllegalArgumentException("port " + port + ", " + tries + " tries of " + perTry);
        }
        this.port = port;
        this.perTry = perTry;
        this.tries = tries;
    }

    @Override
    public <R> AuthoritativeAnswer<R> ask(InetAddress server, DomainName name, RecordType<R> type) {
        Endpoint.Inet endpoint = new Endpoint.Inet(server, port);
        if (!hasRoute(endpoint)) {
            return new AuthoritativeAnswer.NoRoute<>();
        }
        Upstream upstream = new Upstream(endpoint, 1);
        String why = "";
        for (int i = 0; i < tries; i++) {
            Query query = new Query(Inquiry.of(new Question(name, type)), random, Query.Wish.OWN_ZONES);
            try {
                switch (upstream.ask(query, Deadline.after(perTry), perTry)) {
                    case Upstream.Reply.Answered answered -> {
                        return read(answered.message(), query.name(), type);
                    }
                    case Upstream.Reply.Unanswered unanswered -> why = unanswered.why();
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return new AuthoritativeAnswer.Failed<>("the thread that asked was interrupted");
            }
        }
        return new AuthoritativeAnswer.Failed<>(why);
    }

    /// Whether the system knows a way: to connect a socket for datagrams sends nothing.
    private static boolean hasRoute(Endpoint.Inet server) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server.socketAddress());
            return true;
        } catch (SocketException | UncheckedIOException noWay) {
            return false; // the exception is how the platform says "no"
        }
    }

    private static <R> AuthoritativeAnswer<R> read(Message message, Name asked, RecordType<R> type) {
        int code = message.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            return new AuthoritativeAnswer.Failed<>("it answers " + DnsClient.words(message));
        }
        if (!message.getHeader().getFlag(Flags.AA)) {
            return new AuthoritativeAnswer.NotAuthoritative<>();
        }
        // An alias comes first: the code may be that of what it leads to, for which nobody was asked (RFC 1035 §4.1.1).
        List<Record> aliases = Records.set(message, Section.ANSWER, asked, Type.CNAME);
        if (!aliases.isEmpty() && aliases.getFirst() instanceof CNAMERecord alias) {
            Optional<DomainName> target = Names.of(alias.getTarget());
            return target.isPresent()
                    ? new AuthoritativeAnswer.Alias<>(target.get(), ttl(aliases))
                    : new AuthoritativeAnswer.Failed<>("it answers with an alias of a name that cannot be asked for");
        }
        Duration kept = Records.negativeTimeToLive(message).orElse(Duration.ZERO);
        if (code == Rcode.NXDOMAIN) {
            return new AuthoritativeAnswer.NoDomain<>(kept);
        }
        List<Record> wanted = Records.set(message, Section.ANSWER, asked, type.code());
        List<R> data = Records.data(wanted);
        return data.isEmpty()
                ? new AuthoritativeAnswer.NoData<>(kept)
                : new AuthoritativeAnswer.Found<>(data, ttl(wanted));
    }

    private static Duration ttl(List<Record> records) {
        return Duration.ofSeconds(Records.timeToLive(records));
    }
}
