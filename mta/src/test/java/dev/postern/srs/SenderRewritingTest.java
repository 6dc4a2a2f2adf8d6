package dev.postern.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.ManualClock;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SenderRewritingTest {
    private static final DomainName HERE = DomainName.of("f.example");
    private static final DomainName ALSO_HERE = DomainName.of("also.example");
    private static final String SECRET = "a secret of the test";

    /// The 1st of June 2026: day 20605, the 125th of its 1024, in letters D5.
    private final ManualClock clock = ManualClock.atNoon();

    private final SenderRewriting here = rewriting(HERE, SECRET);

    private SenderRewriting rewriting(DomainName domain, String secrets) {
        return new SenderRewriting(
                new SrsSettings(domain, Set.of(domain, ALSO_HERE), SrsSettings.USUAL_DAYS),
                SrsSecrets.of(secrets),
                clock);
    }

    private static Mailbox mailbox(String text) {
        return Mailbox.parse(text).orElseThrow(() -> new AssertionError(text));
    }

    private static Mailbox rewritten(SenderRewriting at, String sender) {
        return switch (at.forward(mailbox(sender))) {
            case Rewriting.Rewritten(Mailbox address, String why) -> address;
            case Rewriting.Kept kept -> throw new AssertionError(sender + ": " + kept);
        };
    }

    private Reversal back(String address) {
        return here.back(mailbox(address));
    }

    private static Reversal genuine(String sender) {
        return new Reversal.Genuine(mailbox(sender));
    }

    private static String other(char letter) {
        return letter == 'A' ? "B" : "A";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alice@a.example | SRS0=[A-Z2-7]{6}=D5=a[.]example=alice@f[.]example",
                "Alice@A.Example | SRS0=[A-Z2-7]{6}=D5=a[.]example=Alice@f[.]example",
                "a=b+c-d@a.example | SRS0=[A-Z2-7]{6}=D5=a[.]example=a=b[+]c-d@f[.]example",
                "SRS0@a.example | SRS0=[A-Z2-7]{6}=D5=a[.]example=SRS0@f[.]example",
                "SRS2=x@a.example | SRS0=[A-Z2-7]{6}=D5=a[.]example=SRS2=x@f[.]example",
                "SRS1=x@a.example | SRS0=[A-Z2-7]{6}=D5=a[.]example=SRS1=x@f[.]example",
                "x%y@a.example | SRS0=[A-Z2-7]{6}=D5=a[.]example=x%y@f[.]example",
                "~odd one~@a.example | ~SRS0=[A-Z2-7]{6}=D5=a[.]example=odd one~@f[.]example",
                "~a@b~@a.example | ~SRS0=[A-Z2-7]{6}=D5=a[.]example=a@b~@f[.]example",
                "josé@a.example | SRS0=[A-Z2-7]{6}=D5=a[.]example=josé@f[.]example",
                "x@xn--fren-7qa.example | SRS0=[A-Z2-7]{6}=D5=xn--fren-7qa[.]example=x@f[.]example",
                "SRS0=hash=tt=a.example=b@g.example | SRS1=[A-Z2-7]{6}=g[.]example==hash=tt=a[.]example=b@f[.]example",
                "srs0+x=y@g.example | SRS1=[A-Z2-7]{6}=g[.]example=[+]x=y@f[.]example",
                "SRS0-@g.example | SRS1=[A-Z2-7]{6}=g[.]example=-@f[.]example",
                "SRS1=hash=g.example==h=tt=a.example=b@i.example"
                        + " | SRS1=[A-Z2-7]{6}=g[.]example==h=tt=a[.]example=b@f[.]example",
                "SRS1+hash=g.example=-h=tt=a.example=b@i.example"
                        + " | SRS1=[A-Z2-7]{6}=g[.]example=-h=tt=a[.]example=b@f[.]example",
            })
    void senderGetsAReturnAddressAndReportsFindBack(String sender, String expected) {
        String written = sender.replace('~', '"');
        Mailbox address = rewritten(here, written);
        assertThat(address.toString()).matches(expected.replace('~', '"'));
        assertThat(Mailbox.parse(address.toString())).as("what a peer reads").hasValue(address);
        // SRS1 leads to the first forwarder, everything else to the sender itself
        boolean further = address.localPart().value().startsWith("SRS1");
        String first = address.localPart().value().replaceFirst("SRS1=[A-Z2-7]{6}=g.example=", "SRS0");
        assertThat(here.back(address)).isEqualTo(genuine(further ? first + "@g.example" : written));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alice@f.example | in a domain of ours",
                "alice@also.example | in a domain of ours",
                "SRS0=hash=tt=a.example=b@f.example | in a domain of ours",
                "alice@[192.0.2.1] | not in a domain",
                "alice@[IPv6:2001:db8::1] | not in a domain",
                "a-local-part-that-is-long-by-itself@and-a-domain.of-some.example | 79 octets",
                "SRS1=hash=first.forwarder.example==hash=tt=domain.example=bobby@g.example | 65 octets",
            })
    void whatNeedsNoReturnAddressOrCannotHaveOneStaysAsItIs(String sender, String why) {
        assertThat(here.forward(mailbox(sender)))
                .isInstanceOfSatisfying(
                        Rewriting.Kept.class, kept -> assertThat(kept.why()).contains(why));
    }

    @Test
    void localPartMayHave64OctetsAndNoMore() {
        String domain = "@a.example";
        String longest = "x".repeat(64 - "SRS0=HHHHHH=TT=a.example=".length());
        assertThat(rewritten(here, longest + domain).localPart().value()).hasSize(64);
        assertThat(here.forward(mailbox(longest + "x" + domain))).isInstanceOf(Rewriting.Kept.class);
        // 64 octets are fewer characters, and quotes of the wire form do not count
        assertThat(here.forward(mailbox(longest.substring(1) + "é" + domain))).isInstanceOf(Rewriting.Kept.class);
        assertThat(rewritten(here, "\"" + longest.substring(1) + " \"" + domain)
                        .localPart()
                        .value())
                .hasSize(64);
    }

    @Test
    void pathMayHave256OctetsAndNoMore() {
        String label = "x".repeat(61) + ".";
        DomainName wide = DomainName.of(label.repeat(3) + "example");
        SenderRewriting at = rewriting(wide, SECRET);
        String fits = "y".repeat(Mailbox.MAX_OCTETS - 1 - wide.text().length() - "SRS0=HHHHHH=TT=a.example=".length());
        assertThat(at.forward(mailbox(fits + "@a.example"))).isInstanceOf(Rewriting.Rewritten.class);
        assertThat(at.forward(mailbox("\"" + fits.substring(2) + " \"@a.example")))
                .isInstanceOfSatisfying(
                        Rewriting.Kept.class, kept -> assertThat(kept.why()).contains("254 octets"));
    }

    @Test
    void longChainOfForwardersLeadsStraightToTheFirst() {
        SenderRewriting first = here;
        SenderRewriting second = rewriting(DomainName.of("g.example"), "another secret of the test");
        SenderRewriting third = rewriting(DomainName.of("h.example"), "a third secret of the test");

        Mailbox one = rewritten(first, "a@a.example");
        Mailbox two = rewritten(second, one.toString());
        Mailbox three = rewritten(third, two.toString());

        assertThat(three.localPart().value()).hasSameSizeAs(two.localPart().value());
        assertThat(third.back(three)).isEqualTo(new Reversal.Genuine(one));
        assertThat(second.back(two)).isEqualTo(new Reversal.Genuine(one));
        assertThat(first.back(one)).isEqualTo(genuine("a@a.example"));
        // and through the first once more
        Mailbox again = rewritten(first, three.toString());
        assertThat(again.toString()).startsWith("SRS1=").contains("=f.example=");
        assertThat(first.back(again)).isEqualTo(genuine("a@a.example"));
    }

    @Test
    void addressIsReadInAnyCaseWithAnySeparatorInAnyDomainOfOurs() {
        for (String sender : new String[] {"alice@a.example", "SRS0=x=TT=a.example=alice@g.example"}) {
            String address = rewritten(here, sender).toString();
            Reversal meant = back(address);
            assertThat(meant).isInstanceOf(Reversal.Genuine.class);
            assertThat(back(address.toLowerCase(Locale.ROOT)).toString().toLowerCase(Locale.ROOT))
                    .isEqualTo(meant.toString().toLowerCase(Locale.ROOT));
            for (String separator : new String[] {"=", "+", "-"}) {
                assertThat(back(address.replaceFirst("=", separator))).isEqualTo(meant);
            }
            assertThat(back(address.replace("@f.example", "@also.example"))).isEqualTo(meant);
            assertThat(back(address.replace("@f.example", "@F.EXAMPLE"))).isEqualTo(meant);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SRS0=@f.example",
                "SRS0==@f.example",
                "SRS0====@f.example",
                "SRS0=====@f.example",
                "SRS0=x@f.example",
                "SRS0=AAAAAA=D5=victim@f.example",
                "SRS0=AAAAAA=D5==victim@f.example",
                "SRS0=AAAAAA=D5=g.example=@f.example",
                "SRS0==D5=g.example=victim@f.example",
                "SRS0=AAAAAA==g.example=victim@f.example",
                "SRS0=AAAAAA=D5=g.example=victim@f.example",
                "srs0+aaaaaa=kn=g.example=victim@f.example",
                "SRS0-AAAAAA=D5=g.example=victim@also.example",
                "SRS0=AAAAAA=K1=g.example=victim@f.example",
                "SRS0=AAAAAA=D55=g.example=victim@f.example",
                "SRS0=AAAAAA=ſŠ=g.example=victim@f.example",
                "\"SRS0=AAAAAA=D5=g..example=victim\"@f.example",
                "\"SRS0=AAAAAA=D5=[192.0.2.1]=victim\"@f.example",
                "\"SRS0=AAAAAA=D5=g.example=victim@g.example\"@f.example",
                "SRS0=AAAAAA=D5=f.example=victim%g.example@f.example",
                "SRS0=AAAAAA=D5=f.example=SRS0=AAAAAA=D5=g.example=v@f.example",
                "SRS1=@f.example",
                "SRS1=====@f.example",
                "SRS1=AAAAAA=g.example@f.example",
                "SRS1=AAAAAA=g.example=@f.example",
                "SRS1=AAAAAA=g.example=victim@f.example",
                "SRS1=AAAAAA=g.example==victim@f.example",
                "SRS1==g.example==AAAAAA=D5=g.example=v@f.example",
                "SRS1=AAAAAA===AAAAAA=D5=g.example=v@f.example",
                "SRS1=AAAAAA=g.example==AAAAAA=D5=i.example=v@f.example",
                "SRS1=AAAAAA=f.example==AAAAAA=D5=g.example=v@f.example",
            })
    void whatWeDidNotWriteIsForged(String address) {
        assertThat(back(address)).isInstanceOf(Reversal.Forged.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice@f.example",
                "SRS0@f.example",
                "SRS0_x@f.example",
                "SRS2=AAAAAA=D5=g.example=victim@f.example",
                "xSRS0=AAAAAA=D5=g.example=victim@f.example",
                "ſRS0=AAAAAA=D5=g.example=victim@f.example",
                "SRS0=AAAAAA=D5=g.example=victim@elsewhere.example",
                "SRS0=AAAAAA=D5=g.example=victim@sub.f.example",
                "SRS0=AAAAAA=D5=g.example=victim@[192.0.2.1]",
            })
    void anythingElseIsNoReturnAddressOfOurs(String address) {
        assertThat(back(address)).isEqualTo(new Reversal.Other());
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@a.example", "SRS0=hash=tt=a.example=b@g.example"})
    void everyCharacterThatIsChangedIsAForgery(String sender) {
        String local = rewritten(here, sender).localPart().value();
        for (int i = "SRS0=".length(); i < local.length(); i++) {
            String changed = local.substring(0, i) + other(local.charAt(i)) + local.substring(i + 1);
            if (!changed.equalsIgnoreCase(local)) {
                assertThat(back(changed + "@f.example")).as(changed).isInstanceOf(Reversal.Forged.class);
            }
            String shorter = local.substring(0, i) + local.substring(i + 1);
            assertThat(back(shorter + "@f.example")).as(shorter).isInstanceOf(Reversal.Forged.class);
            String longer = local.substring(0, i) + "2" + local.substring(i);
            assertThat(back(longer + "@f.example")).as(longer).isInstanceOf(Reversal.Forged.class);
        }
    }

    @Test
    void hashOfOneFormIsNoneOfTheOther() {
        String first = rewritten(here, "b@a.example").localPart().value();
        String hash = first.substring(5, 11);
        assertThat(back("SRS1=" + hash + "=a.example=b@f.example")).isInstanceOf(Reversal.Forged.class);
        assertThat(back("SRS1=" + hash + "=a.example==b@f.example")).isInstanceOf(Reversal.Forged.class);
    }

    @Test
    void charactersThatOnlyUnicodeTakesForAnotherAreAnother() {
        String address = rewritten(here, "kate@a.example").toString();
        assertThat(back(address.replace("kate", "KATE"))).isEqualTo(genuine("KATE@a.example"));
        assertThat(back(address.replace("kate", "\u212aate"))).isInstanceOf(Reversal.Forged.class);
    }

    @Test
    void addressIsGoodFor21DaysAndADayBeforeItsTime() {
        String address = rewritten(here, "alice@a.example").toString();
        clock.advance(Duration.ofDays(21));
        assertThat(back(address)).isInstanceOf(Reversal.Genuine.class);
        clock.advance(Duration.ofDays(1));
        assertThat(back(address))
                .isInstanceOfSatisfying(
                        Reversal.Expired.class,
                        expired -> assertThat(expired.why()).contains("21 days"));
        clock.advance(Duration.ofDays(1000));
        assertThat(back(address)).isInstanceOf(Reversal.Expired.class);

        String tomorrows = rewritten(here, "alice@a.example").toString();
        clock.advance(Duration.ofDays(-1));
        assertThat(back(tomorrows)).isInstanceOf(Reversal.Genuine.class);
        clock.advance(Duration.ofDays(-1));
        assertThat(back(tomorrows)).isInstanceOf(Reversal.Forged.class);
    }

    @Test
    void addressDoesNotComeToLifeAgainWhenTheLettersOfItsDayDo() {
        String address = rewritten(here, "alice@a.example").toString();
        for (int day = 22; day < 2 * SrsDay.PERIOD + 30; day++) {
            clock.advance(Duration.ofDays(day == 22 ? 22 : 1));
            assertThat(back(address)).as("after %d days", day).isNotInstanceOf(Reversal.Genuine.class);
        }
    }

    @Test
    void furtherAddressHasNoDayOfItsOwn() {
        String address = rewritten(here, "SRS0=hash=tt=a.example=b@g.example").toString();
        clock.advance(Duration.ofDays(400));
        assertThat(back(address)).isInstanceOf(Reversal.Genuine.class);
    }

    @Test
    void firstSecretSignsAndAllVerify() {
        String old = "the old secret of the test";
        String young = "the young secret of the test";
        Mailbox before = rewritten(rewriting(HERE, old), "alice@a.example");
        SenderRewriting both = rewriting(HERE, "# first signs\n" + young + "\n\n" + old + "\n");
        assertThat(both.back(before)).isInstanceOf(Reversal.Genuine.class);
        assertThat(both.forward(mailbox("alice@a.example")))
                .isEqualTo(rewriting(HERE, young).forward(mailbox("alice@a.example")));
        assertThat(rewriting(HERE, young).back(before)).isInstanceOf(Reversal.Forged.class);
    }

    @Test
    void dayIsWrittenInTwoLettersAndMeantWithinThreeYears() {
        SrsDay today = SrsDay.of(clock.instant());
        for (int i = -SrsDay.SKEW; i < SrsDay.PERIOD - SrsDay.SKEW; i++) {
            SrsDay day = new SrsDay(today.number() - i);
            assertThat(day.stamp()).matches("[A-Z2-7]{2}");
            assertThat(today.meantBy(day.stamp())).hasValue(day);
        }
        for (String none : new String[] {"", "A", "AAA", "A1", "0A", "A=", "é2"}) {
            assertThat(today.meantBy(none)).as(none).isEmpty();
        }
    }

    @Test
    void settingsFitTogether() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SrsSettings(HERE, Set.of(ALSO_HERE), SrsSettings.USUAL_DAYS));
        assertThatIllegalArgumentException().isThrownBy(() -> new SrsSettings(HERE, Set.of(HERE), 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SrsSettings(HERE, Set.of(HERE), SrsSettings.MOST_DAYS + 1));
    }
}
