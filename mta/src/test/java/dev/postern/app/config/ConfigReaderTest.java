package dev.postern.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.batv.BatvSettings;
import dev.postern.batv.UnsignedAddresses;
import dev.postern.dns.DomainName;
import dev.postern.policy.ForwardLimits;
import dev.postern.policy.ListenerRole;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Priority;
import dev.postern.smtpserver.CensusLimits;
import dev.postern.smtpserver.SenderPriorities;
import dev.postern.smtpserver.Shedding;
import dev.postern.spool.rocks.SpoolLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private static final String SMALL = """
            hostname = "mail.example.org"
            [listen]
            mx = ["127.0.0.1:2525"]
            [domains]
            postmaster = "admin@example.net"
            """;

    @TempDir
    private Path folder;

    private ConfigReader.Result read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("postern.toml"), text);
        return ConfigReader.read(file, Map.of("SECRET", "from the environment")::get);
    }

    private List<String> faults(String text) throws IOException {
        return switch (read(text)) {
            case ConfigReader.Result.Good good -> List.of();
            case ConfigReader.Result.Bad bad ->
                bad.faults().stream()
                        .map(f -> f.toString().substring(folder.toString().length() + 1))
                        .toList();
        };
    }

    private Config good(String text) throws IOException {
        assertThat(faults(text)).isEmpty();
        return ((ConfigReader.Result.Good) read(text)).config();
    }

    @Test
    void threeLinesAreAConfiguration() throws IOException {
        Config config = good(SMALL);

        assertThat(config.hostname()).hasToString("mail.example.org");
        assertThat(config.data()).isEqualTo(folder.resolve("data"));
        assertThat(config.listen().mx()).hasSize(1);
        assertThat(config.delivery().schedules().usual().giveUpAfter()).isEqualTo(Duration.ofDays(5));
        assertThat(config.limits().session().messageOctets()).isEqualTo(50L << 20);
        assertThat(config.relay().networks().networks()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "local = [\"a.example\", \"b.example\"] | a.example",
                "local = [\"a.example\", \"b.example\"]\\n[forwarding]\\nsrs = true | a.example",
                "local = [\"a.example\", \"b.example\"]\\n[forwarding]\\nsrs-domain = \"b.example\" | b.example",
                "local = [\"a.example\"]\\n[forwarding]\\nsrs = false | ",
                "local = [] | ",
            })
    void sendersOfForwardedMailGetReturnAddressesWhereThereIsADomainOfOurs(String domains, String expected)
            throws IOException {
        assertThat(good(SMALL + domains.replace("\\n", "\n") + "\n")
                        .forwarding()
                        .returnDomain())
                .map(Object::toString)
                .isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void returnAddressesInADomainThatIsNotOursAreAFault() throws IOException {
        assertThat(faults(SMALL + "local = [\"a.example\"]\n[forwarding]\nsrs-domain = \"c.example\"\nsrss = true\n"))
                .containsExactly(
                        "postern.toml:8:1: \"forwarding.srs-domain\" is none of our domains, so that no report would"
                                + " come back; add \"c.example\" to local below [domains]",
                        "postern.toml:9:1: unknown key \"forwarding.srss\"; did you mean \"srs\"?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unprovable = \"resend\" | 8:1 | must be one of send, rewrite, wrap, refuse",
                "unprovable = \"rewrite\" | 8:1 | needs a DKIM key of a.example",
                "unprovable = \"wrap\"\\nsrs = false | 8:1 | write srs = true",
                "unprovable = \"refuse\"\\n[authentication]\\nverify = false | 8:1 | write verify = true",
            })
    void forwardsThatCannotBeTreatedAsConfiguredAreAFault(String lines, String place, String what) throws IOException {
        assertThat(faults(SMALL + "local = [\"a.example\"]\n[forwarding]\n" + lines.replace("\\n", "\n") + "\n"))
                .singleElement()
                .satisfies(fault -> assertThat(fault).contains("postern.toml:" + place, what));
    }

    @Test
    void unprovableForwardsAreSentOnUnlessSomethingElseIsWritten() throws IOException {
        assertThat(good(SMALL + "local = [\"a.example\"]\n").forwarding().unprovable())
                .isEqualTo(Config.Forwarding.Action.SEND);
        assertThat(good(SMALL + "local = [\"a.example\"]\n[forwarding]\nunprovable = \"refuse\"\n")
                        .forwarding()
                        .unprovable())
                .isEqualTo(Config.Forwarding.Action.REFUSE);
    }

    @Test
    void returnPathsAreSignedWhereThatIsSwitchedOn() throws IOException {
        String ours = SMALL + "local = [\"a.example\", \"b.example\"]\n[bounces]\n";
        assertThat(good(SMALL).bounces()).isEmpty();
        assertThat(good(ours + "days = 3\n").bounces()).isEmpty();
        assertThat(good(ours + "signed = true\n").bounces())
                .hasValue(new BatvSettings(
                        Set.of(DomainName.of("a.example"), DomainName.of("b.example")),
                        BatvSettings.USUAL_DAYS,
                        UnsignedAddresses.none()));
        BatvSettings settings = good(ours
                        + "signed = true\ndays = 10\nunsigned = [\"news@a.example\", \"@b.example\"]\n")
                .bounces()
                .orElseThrow();
        assertThat(settings.days()).isEqualTo(10);
        assertThat(settings.unsigned())
                .isEqualTo(new UnsignedAddresses(
                        Set.of(Mailbox.of("news", DomainName.of("a.example"))), Set.of(DomainName.of("b.example"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"news", "@", "@c.example", "news@c.example", "a.example", "news@[192.0.2.1]", "@@a.example"})
    void unsignedAddressThatIsNotOursIsAFault(String entry) throws IOException {
        assertThat(faults(SMALL + "local = [\"a.example\"]\n[bounces]\nunsigned = [\"" + entry + "\"]\n"))
                .containsExactly("postern.toml:8:1: in \"bounces.unsigned\", \"" + entry
                        + "\" is no address in a domain of ours, and no such domain with an @ before it");
    }

    @Test
    void forwardsHaveLimits() throws IOException {
        assertThat(good(SMALL).forwarding().limits()).isEqualTo(new ForwardLimits(500, 10_000));
        assertThat(good(SMALL + "[forwarding]\nper-hour = 0\ntotal-per-hour = 7\n")
                        .forwarding()
                        .limits())
                .isEqualTo(new ForwardLimits(0, 7));
        assertThat(faults(SMALL + "[forwarding]\nper-hour = -1\n"))
                .singleElement()
                .asString()
                .contains("\"forwarding.per-hour\" must be a whole number from 0");
    }

    @Test
    void everyFaultIsToldAtOnceWithItsPlace() throws IOException {
        assertThat(faults("""
                        hostnam = "mail.example.org"
                        [listen]
                        mx = ["127.0.0.1"]
                        [limits]
                        message-size = "50MB"
                        recipients = 5
                        [delivery]
                        first-wait = "5 minutes"
                        starttls = "yes"
                        [log]
                        format = "xml"
                        [domains]
                        postmaster = "admin@example.net"
                        """))
                .containsExactly(
                        "postern.toml: \"hostname\" is missing; write the name that the PTR record of this server's address"
                                + " has, such as hostname = \"mail.example.org\"",
                        "postern.toml:1:1: unknown key \"hostnam\"; did you mean \"hostname\"?",
                        "postern.toml:3:1: in \"listen.mx\", \"127.0.0.1\" is not an address and a port, such as"
                                + " \"0.0.0.0:25\" or \"[::]:25\"",
                        "postern.toml:3:1: nobody listens: write at least mx = [\"0.0.0.0:25\", \"[::]:25\"] below [listen]",
                        "postern.toml:5:1: \"limits.message-size\" must be a size such as \"512KiB\" or \"50MiB\", not"
                                + " \"50MB\"",
                        "postern.toml:6:1: \"limits.recipients\" must be a whole number from 100 to 100000",
                        "postern.toml:8:1: \"delivery.first-wait\" must be a duration such as \"30s\", \"5m\", \"4h\" or"
                                + " \"5d\", not \"5 minutes\"",
                        "postern.toml:9:1: \"delivery.starttls\" must be true or false",
                        "postern.toml:11:1: \"log.format\" must be one of text, json, not \"xml\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[listn] | unknown key \"listn\"; did you mean \"listen\"?",
                "[tls]\\ncertificate = \"c.pem\" | belong together",
                "[tls]\\ncertificate = \"c.pem\"\\nkey = \"k.pem\" | c.pem does not exist",
                "accounts = \"nowhere\" | nowhere: the accounts cannot be read: there is no such file",
                "[tls]\\ntrust = \"a\\u0000b\" | must be a text in quotes",
                "[relay]\\nnetworks = [\"a\\u0000b\"] | must be a list of texts",
                "[domains.catch-all]\\n\"x.example\" = \"a@b.example\" | none of our domains",
                "[limits]\\nlogin-failures-per-address = 0 | must be a whole number from 1",
                "[limits]\\nlogin-first-wait = \"2h\" | not above \"login-longest-wait\"",
                "[limits]\\nlogin-longest-wait = \"31d\" | at most 30d",
                "[limits]\\nlogin-shared-networks = [\"localhost\"] | is not an address range",
                "[limits]\\nsessions-mx = 0 | must be a whole number from 1",
                "[limits]\\noverload-time-out = \"0s\" | \"limits.overload-time-out\" must be above zero",
                "[limits]\\noverload-spool = \"0s\" | \"limits.overload-spool\" must be above zero",
                "[limits]\\noverload-memory = 1.1 | must be a number from 0.1 to 1",
                "[limits]\\noverload-disk = \"some\" | must be a size",
                "[inboxes]\\nby = \"lmtp\" | need \"server\"",
                "[inboxes]\\nby = \"pipe\"\\ncommand = [\"cat\"] | named by its absolute path",
                "[relay]\\nnetworks = [\"10.0.0.0/33\"] | range such as",
                "[relay]\\nnetworks = [\"0.0.0.0/0\"] | would make this an open relay",
                "[relay]\\nnetworks = [\"::/0\"] | would make this an open relay",
                "[relay.domains]\\n\"x.example\" = \"m x\" | must be a domain and",
                "[smarthost.a]\\nport = 25 | needs \"host\"",
                "[smarthost.a]\\nhost = \"h.example\"\\nuser = \"u\" | belong together",
                "[smarthost.a]\\nhost = \"h.example\"\\nuser = \"u\"\\npassword-env = \"NONE\" | no variable NONE",
                "[smarthost.a]\\nhost = \"h.example\"\\nuser = \"u\"\\npassword-env = \"SECRET\"\\ntls = \"opportunistic\" | only under TLS",
                "[smarthost]\\nhost = \"h.example\" | must be a section, such as [smarthost.NAME]",
                "[delivery]\\nfirst-wait = \"5h\" | not above \"longest-wait\"",
                "[delivery]\\nfirst-rest = \"31m\" | not above \"longest-rest\"",
                "[delivery.retry.\"a b\"]\\nfirst-wait = \"5m\" | is not a domain name",
                "[dns]\\nservers = [\"localhost\"] | is not an address",
                "x = | Unexpected end of input"
            })
    void aFaultSaysWhatToDo(String lines, String words) throws IOException {
        assertThat(faults(SMALL + lines.replace("\\n", "\n")))
                .anySatisfy(fault -> assertThat(fault).contains(words));
    }

    @Test
    void otherServersGetAPartOfTheRoomUnlessTheConfigurationSaysHowMuch() throws IOException {
        CensusLimits usual = good(SMALL).limits().census();
        CensusLimits own = good(SMALL + """
                        [limits]
                        sessions = 100
                        sessions-mx = 10
                        sessions-lmtp = 5
                        sessions-submission = 500
                        """).limits().census();
        CensusLimits tiny = good(SMALL + "[limits]\nsessions = 1").limits().census();

        assertThat(Stream.of(ListenerRole.values()).map(usual::of)).containsExactly(1500, 2000, 2000, 2000, 2000);
        assertThat(Stream.of(ListenerRole.values()).map(own::of)).containsExactly(10, 100, 100, 5, 100);
        assertThat(tiny.of(ListenerRole.MX)).isEqualTo(1);
    }

    @Test
    void thereIsTooMuchToDoFromSomeMeasureOn() throws IOException {
        OverloadLimits usual = good(SMALL).limits().overload();
        OverloadLimits own = good(SMALL + """
                        [limits]
                        disk-reserve = "1GiB"
                        overload-time-out = "20s"
                        overload-silence = "3s"
                        overload-spool = "5s"
                        overload-memory = 0.8
                        """).limits().overload();

        assertThat(usual).isEqualTo(new OverloadLimits(Shedding.byDefault(), 200L << 20, Duration.ofSeconds(2), 0.9));
        assertThat(own)
                .isEqualTo(new OverloadLimits(
                        new Shedding(Duration.ofSeconds(20), Duration.ofSeconds(3)),
                        2L << 30,
                        Duration.ofSeconds(5),
                        0.8));
    }

    @Test
    void loadOfTheSpoolIsAPartOfWhatIsTooMuch() throws IOException {
        OverloadLimits limits =
                good(SMALL + "[limits]\noverload-disk = \"1KiB\"").limits().overload();

        assertThat(limits.diskLoad(new SpoolLoad(Duration.ZERO, 0, 4096))).isEqualTo(0.25);
        assertThat(limits.diskLoad(new SpoolLoad(Duration.ZERO, 0, 0))).isEqualTo(1024);
        assertThat(limits.spoolLoad(new SpoolLoad(Duration.ofSeconds(1), 0.2, 0)))
                .isEqualTo(0.5);
        assertThat(limits.spoolLoad(new SpoolLoad(Duration.ofSeconds(1), 0.9, 0)))
                .isEqualTo(0.9);
    }

    @Test
    void aFaultInALineOfATableHasThePlaceOfThatLine() throws IOException {
        assertThat(faults(SMALL + """
                        [relay.domains]
                        "a.example" = "mx"
                        "b.example" = "m x"
                        [delivery.ports]
                        "c.example" = "2525"
                        "d.example" = "many"
                        [domains.catch-all]
                        "e.example" = "nobody"
                        "F.example" = "joe@example.net"
                        """))
                .extracting(fault -> fault.replaceFirst(":1: .*", ""))
                .containsExactly(
                        "postern.toml:" + (lines(SMALL) + 3),
                        "postern.toml:" + (lines(SMALL) + 6),
                        "postern.toml:" + (lines(SMALL) + 7),
                        "postern.toml:" + (lines(SMALL) + 8));
    }

    private static long lines(String text) {
        return text.lines().count();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[smarthost.a]\\nhost = \"h.example\"\\nuser = \"u\"\\npassword-file = \"nowhere\" | the password cannot be read",
                "[smarthost.a]\\nhost = \"h.example\"\\nuser = \"u\"\\npassword-env = \"NONE\" | no variable NONE",
                "[tls]\\ncertificate = \"c.pem\"\\nkey = 5 | \"tls.key\" must be a list of texts",
                "local = \"example.net\"\\naccounts = \"nowhere\" | the accounts cannot be read",
                "local = \"example.net\"\\naccounts = \"postern.toml\" | is not an address; write name@domain"
            })
    void aFaultIsNotFollowedByOthersThatItCaused(String lines, String words) throws IOException {
        assertThat(faults(SMALL + lines.replace("\\n", "\n")))
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault).contains(words));
    }

    @Test
    void aMissingFileIsOneSentence() {
        Fault missing =
                new Fault(folder.resolve("no.toml"), 0, 0, "the configuration cannot be read: there is no such file");

        assertThat(ConfigReader.read(folder.resolve("no.toml"), name -> null))
                .isEqualTo(new ConfigReader.Result.Bad(List.of(missing), Optional.empty()));
    }

    @Test
    void secretsComeFromAFileOrTheEnvironment() throws IOException {
        Files.writeString(folder.resolve("secret"), "from a file\n");

        Config config = good(SMALL + """
                [smarthost.a]
                host = "a.example"
                user = "u"
                password-file = "secret"
                [smarthost.b]
                host = "192.0.2.1"
                tls = "implicit"
                user = "u"
                password-env = "SECRET"
                """);

        assertThat(config.routes().rules())
                .extracting(
                        rule -> rule.host().orElseThrow().login().orElseThrow().password())
                .containsExactly("from a file", "from the environment");
        assertThat(config.routes().rules())
                .extracting(rule -> rule.host().orElseThrow().port())
                .containsExactly(587, 465);
    }

    @ParameterizedTest
    @CsvSource({"hostnam, hostname, 1", "a, b, 1", "'', abc, 3", "same, same, 0", "kitten, sitting, 3"})
    void theDistanceOfTwoWords(String a, String b, int distance) {
        assertThat(Section.distance(a, b)).isEqualTo(distance);
    }

    @Test
    void wishesForTheWayOfMailHaveTheirDefaultsAndTheirWords() throws IOException {
        Config usual = good(SMALL);
        assertThat(usual.submission().futureRelease()).isEqualTo(Duration.ofDays(30));
        assertThat(usual.handling().shortestTime()).isZero();
        assertThat(usual.handling().most()).isEqualTo(new Priority(9));
        assertThat(usual.handling().usual().values()).containsOnly(Priority.USUAL);

        Config config = good(SMALL + """
                [submission]
                future-release = "0s"
                [handling]
                shortest-deliver-by = "4m"
                most-urgent = 4
                [handling.priority]
                mx = -1
                submission = 2
                [handling.senders]
                "reset@example.org" = "5"
                "example.org" = "-3"
                """);
        assertThat(config.handling().senders())
                .isEqualTo(new SenderPriorities(
                        Map.of(Mailbox.parse("reset@example.org").orElseThrow(), new Priority(5)),
                        Map.of(DomainName.of("example.org"), new Priority(-3))));
        assertThat(config.submission().futureRelease()).isZero();
        assertThat(config.handling().shortestTime()).isEqualTo(Duration.ofMinutes(4));
        assertThat(config.handling().most()).isEqualTo(new Priority(4));
        assertThat(config.handling().usual())
                .containsEntry(ListenerRole.MX, new Priority(-1))
                .containsEntry(ListenerRole.SUBMISSION, new Priority(2))
                .containsEntry(ListenerRole.SUBMISSIONS, new Priority(2))
                .containsEntry(ListenerRole.LMTP, Priority.USUAL);
    }

    @Test
    void wishesThatCannotBeAnnouncedAreFaults() throws IOException {
        assertThat(faults(SMALL + """
                        [submission]
                        future-release = "20000d"
                        [handling]
                        most-urgent = 10
                        [handling.priority]
                        smtp = 1
                        [handling.senders]
                        "example.org" = "10"
                        "not a name" = "1"
                        """))
                .hasSize(5)
                .anyMatch(f -> f.contains("\"handling.senders\" must name an address or a domain"))
                .anyMatch(f -> f.contains("\"future-release\" must be 999999999 seconds or less"))
                .anyMatch(f -> f.contains("\"handling.most-urgent\" must be a whole number from -9 to 9"))
                .anyMatch(f -> f.contains("unknown key \"handling.priority.smtp\""));
    }
}
