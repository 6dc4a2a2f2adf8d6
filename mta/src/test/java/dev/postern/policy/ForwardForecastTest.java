package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.dkim.SigningSettings;
import dev.postern.mailauth.dmarc.AuthenticatedDomain;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.ReversePath;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardForecastTest {
    private static final String TEXT = "Subject: hello\r\nTo: away@ours.example\r\n\r\nHello.\r\n";

    private ForwardingWorld world;

    @BeforeAll
    void publish() throws IOException {
        world = ForwardingWorld.create();
    }

    @ParameterizedTest(name = "{0} signed {1}, brought by {2}, goes on from {3}: {4}")
    @CsvSource({
        // author,           signed,  SPF,   goes on from,  forecast,   because
        "reject.example,     no,      pass,  ours.example,  reject,     no signature vouches for reject.example",
        "reject.example,     no,      pass,  ours.example,  reject,     SPF will tell of ours.example",
        "reject.example,     no,      pass,  '',            reject,     SPF will tell of a domain that we may not send for",
        "reject.example,     no,      fail,  ours.example,  reject,     asks to refuse",
        "reject.example,     same,    pass,  ours.example,  pass,       the signature of reject.example",
        "reject.example,     same,    fail,  ours.example,  pass,       the signature of reject.example",
        "reject.example,     same,    null,  '',            pass,       the signature of reject.example",
        "reject.example,     other,   pass,  ours.example,  reject,     no signature vouches",
        "reject.example,     changed, pass,  ours.example,  reject,     no signature vouches",
        "reject.example,     expired, pass,  ours.example,  reject,     no signature vouches",
        "reject.example,     added,   pass,  ours.example,  reject,     no signature vouches",
        "reject.example,     closed,  pass,  ours.example,  reject,     does not outlive a new received field",
        "reject.example,     closed,  fail,  ours.example,  reject,     does not outlive a new received field",
        "sub.reject.example, no,      pass,  ours.example,  quarantine, sub.reject.example asks to quarantine",
        "sub.reject.example, parent,  pass,  ours.example,  pass,       the signature of reject.example",
        "quarantine.example, no,      pass,  ours.example,  quarantine, asks to quarantine",
        "quarantine.example, same,    pass,  ours.example,  pass,       the signature of quarantine.example",
        "quarantine.example, no,      fail,  ours.example,  quarantine, asks to quarantine",
        "testing.example,    no,      pass,  ours.example,  quarantine, asks to quarantine",
        "testing.example,    no,      fail,  ours.example,  quarantine, asks to quarantine",
        "none.example,       no,      pass,  ours.example,  none,       does not ask for anything",
        "none.example,       same,    pass,  ours.example,  pass,       the signature of none.example",
        "broken.example,     no,      pass,  ours.example,  none,       does not ask for anything",
        "silent.example,     no,      pass,  ours.example,  none,       does not ask for anything",
        "ours.example,       no,      pass,  ours.example,  pass,       SPF will vouch for ours.example",
        "ours.example,       no,      fail,  ours.example,  pass,       SPF will vouch for ours.example",
        "ours.example,       no,      pass,  '',            reject,     asks to refuse",
    })
    void forecastFollowsFromSignaturesPolicyAndOurSender(
            String author, String signed, String spf, String there, String forecast, String because)
            throws IOException {
        String message = sign(signed, author, "From: Ann <ann@" + author + ">\r\n" + TEXT);
        InetAddress client = spf.equals("fail") ? ForwardingWorld.BAD : ForwardingWorld.GOOD;
        ReversePath sender = spf.equals("null") ? new NullPath() : ForwardingWorld.mailbox("ann@" + author);

        ForwardForecast told = forecast(client, sender, message, there);

        assertThat(told.word()).as(told.toString()).isEqualTo(forecast);
        assertThat(told.why()).contains(because).matches("[ -~]+");
    }

    @Test
    void survivorIsNamed() throws IOException {
        String message = sign("same", "reject.example", "From: Ann <ann@reject.example>\r\n" + TEXT);

        assertThat(forecast(ForwardingWorld.GOOD, new NullPath(), message, ""))
                .isInstanceOfSatisfying(
                        ForwardForecast.Passes.class,
                        passes -> assertThat(passes.by())
                                .isEqualTo(new AuthenticatedDomain(
                                        DomainName.of("reject.example"), AuthenticatedDomain.Mechanism.DKIM)));
    }

    @Test
    void graveOfSeveralAuthorsDecides() throws IOException {
        String message =
                sign("same", "none.example", "From: a@none.example, b@reject.example, c@quarantine.example\r\n" + TEXT);

        ForwardForecast told =
                forecast(ForwardingWorld.GOOD, ForwardingWorld.mailbox("a@none.example"), message, "ours.example");

        assertThat(told)
                .isInstanceOfSatisfying(
                        ForwardForecast.Refused.class,
                        refused -> assertThat(refused.author()).isEqualTo(DomainName.of("reject.example")));
    }

    @Test
    void messageWithoutAnAuthorIsProtectedByNobody() throws IOException {
        assertThat(forecast(ForwardingWorld.GOOD, new NullPath(), TEXT, "ours.example")
                        .word())
                .isEqualTo("none");
    }

    private ForwardForecast forecast(InetAddress client, ReversePath sender, String message, String there)
            throws IOException {
        Optional<DomainName> domain = there.isEmpty() ? Optional.empty() : DomainName.parse(there);
        return ForwardForecast.of(world.report(client, sender, message), domain);
    }

    private String sign(String how, String author, String message) throws IOException {
        SigningSettings usual = SigningSettings.usual();
        return switch (how) {
            case "no" -> message;
            case "same" -> world.signed(author, usual, message);
            case "parent" -> world.signed(author.substring(author.indexOf('.') + 1), usual, message);
            case "other" -> world.signed("other.example", usual, message);
            case "changed" -> world.signed(author, usual, message).replace("Hello.", "Hullo.");
            case "expired" -> world.expired(author, message);
            case "added" ->
                "Subject: another\r\n"
                        + world.signed(
                                author,
                                new SigningSettings(List.of("from", "subject"), Set.of("from"), Optional.empty()),
                                message);
            case "closed" ->
                world.signed(
                        author,
                        new SigningSettings(List.of("from", "received"), Set.of("from", "received"), Optional.empty()),
                        message);
            default -> throw new IllegalArgumentException(how);
        };
    }
}
