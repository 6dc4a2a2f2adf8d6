package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;

@Timeout(60)
class AnchorRefreshTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final DomainName NAME = DomainName.of("mx.example");

    private static SignedTree tree() {
        return new SignedTree(NOW)
                .zone(".", new SignedTree.Signing.Plain(), "")
                .zone("example.", new SignedTree.Signing.Plain(), "mx.example. 3600 IN A 192.0.2.1\n");
    }

    @Test
    void keysAreLookedAtAndTheNextTimeFollowsFromThem() throws Exception {
        SignedTree tree = tree();
        int tag = tree.key(".").record().getFootprint();
        try (ScriptedServer server =
                        new ScriptedServer((number, asked, self) -> self.reply(asked, tree.answer(asked.message())));
                DnsClient client = server.resolver(tree.anchor("."), NOW)) {
            AnchorRefresh refresh = new AnchorRefresh(client, InstantSource.fixed(NOW));
            AnchorRefresh.Outcome first = refresh.refresh(AnchorTable.of(tree.anchor(".")));
            assertThat(first.troubles()).isEmpty();
            assertThat(first.changes()).containsExactly(". " + tag + ": START to VALID");
            assertThat(first.next()).isEqualTo(Duration.ofHours(1));
            AnchorRefresh.Outcome again = refresh.refresh(first.table());
            assertThat(again.changes()).isEmpty();
            assertThat(again.table().text()).isEqualTo(first.table().text());
        }
    }

    @Test
    void whatCannotBeHadOrIsNotSignedIsToldAndChangesNothing() throws Exception {
        SignedTree tree = tree();
        AnchorTable table = AnchorTable.of(tree.anchor("."));
        List<ScriptedServer.Script> wrong = List.of(
                (number, asked, self) -> {
                    var answer = asked.answer();
                    answer.getHeader().setRcode(Rcode.SERVFAIL);
                    self.reply(asked, answer);
                },
                (number, asked, self) -> self.reply(asked, asked.answer()),
                (number, asked, self) -> self.reply(
                        asked, SignedTree.without(tree.answer(asked.message()), RRSIGRecord.class::isInstance)),
                (number, asked, self) -> self.reply(asked, tree().answer(asked.message())));
        for (ScriptedServer.Script script : wrong) {
            try (ScriptedServer server = new ScriptedServer(script);
                    DnsClient client = server.resolver(tree.anchor("."), NOW)) {
                AnchorRefresh.Outcome outcome = new AnchorRefresh(client, InstantSource.fixed(NOW)).refresh(table);
                assertThat(outcome.troubles()).hasSize(1);
                assertThat(outcome.changes()).isEmpty();
                assertThat(outcome.table().anchors()).isEqualTo(table.anchors());
                assertThat(outcome.next()).isEqualTo(Duration.ofHours(1));
            }
        }
    }

    @Test
    void resolverTrustsWhatItIsToldToFromThenOn() throws Exception {
        SignedTree first = tree();
        SignedTree second = tree();
        AtomicReference<SignedTree> serving = new AtomicReference<>(first);
        try (ScriptedServer server = new ScriptedServer(
                        (number, asked, self) -> self.reply(asked, serving.get().answer(asked.message())));
                DnsClient client = server.resolver(first.anchor("."), NOW)) {
            assertThat(client.resolve(NAME, RecordType.A)).isInstanceOf(DnsAnswer.Found.class);
            serving.set(second);
            assertThat(client.resolve(NAME, RecordType.AAAA)).isInstanceOf(DnsAnswer.Failed.class);
            client.trust(second.anchor("."));
            assertThat(client.resolve(NAME, RecordType.A))
                    .isInstanceOfSatisfying(
                            DnsAnswer.Found.class,
                            found -> assertThat(found.authentic()).isTrue());
        }
    }
}
