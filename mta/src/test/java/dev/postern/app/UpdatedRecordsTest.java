package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.AuthoritativeAnswer;
import dev.postern.dns.AuthoritativeResolver;
import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.UpdateAnswer;
import dev.postern.dns.ZoneUpdate;
import dev.postern.dns.ZoneUpdater;
import dev.postern.zonerecords.Publication;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UpdatedRecordsTest {
    private static final DomainName ZONE = DomainName.of("example.org");
    private static final DomainName NAME = DomainName.of("_acme-challenge.mail.example.org");

    private final List<ZoneUpdate> sent = new ArrayList<>();
    private UpdateAnswer answer = new UpdateAnswer.Done();

    private final class Updater implements ZoneUpdater {
        @Override
        public Optional<DomainName> zone(DomainName name) {
            return Optional.of(ZONE).filter(name::isWithin);
        }

        @Override
        public UpdateAnswer send(ZoneUpdate update) {
            sent.add(update);
            return answer;
        }
    }

    /// Nobody answers.
    private static final class Silence implements Resolver, AuthoritativeResolver {
        @Override
        public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
            return new DnsAnswer.Failed<>("silence");
        }

        @Override
        public <R> AuthoritativeAnswer<R> ask(InetAddress server, DomainName name, RecordType<R> type) {
            return new AuthoritativeAnswer.Failed<>("silence");
        }
    }

    private UpdatedRecords records() {
        Silence silence = new Silence();
        return new UpdatedRecords(new Updater(), new Publication(silence, silence, Set.of()), Duration.ofMillis(10));
    }

    @Test
    void recordIsAddedBesideOthersAndOnlyThatOneIsTakenAway() throws Exception {
        records().add(NAME, "value");
        records().remove(NAME, "value");

        assertThat(sent)
                .containsExactly(
                        ZoneUpdate.of(
                                ZONE,
                                new ZoneUpdate.Change.Add<>(NAME, RecordType.TXT, Duration.ofMinutes(1), "value")),
                        ZoneUpdate.of(ZONE, new ZoneUpdate.Change.Remove<>(NAME, RecordType.TXT, "value")));
    }

    @Test
    void serverThatRefusesIsTold() {
        answer = new UpdateAnswer.Refused("NOTAUTH", "not its zone");

        assertThatThrownBy(() -> records().add(NAME, "value"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("NOTAUTH");
    }

    @Test
    void nameOfNoZoneIsTold() {
        assertThatThrownBy(() -> records().add(DomainName.of("_acme-challenge.example.net"), "value"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[dns.update]");
        assertThat(sent).isEmpty();
    }
}
