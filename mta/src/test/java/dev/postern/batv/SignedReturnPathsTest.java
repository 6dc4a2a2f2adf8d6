package dev.postern.batv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.ManualClock;
import dev.postern.srs.SrsSecrets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedReturnPathsTest {
    private static final DomainName OURS = DomainName.of("ours.example");
    private static final DomainName SECOND = DomainName.of("second.example");
    private static final DomainName OPEN = DomainName.of("open.example");
    private static final String SECRET = "a secret of the test";

    /// The 1st of June 2026: day 20605, so that what is good for seven days expires on a day that ends in 612.
    private final ManualClock clock = ManualClock.atNoon();

    private final SignedReturnPaths paths = paths(BatvSettings.USUAL_DAYS, SECRET);

    private SignedReturnPaths paths(int days, String secrets) {
        UnsignedAddresses unsigned = new UnsignedAddresses(Set.of(mailbox("news@ours.example")), Set.of(OPEN));
        return new SignedReturnPaths(
                new BatvSettings(Set.of(OURS, SECOND, OPEN), days, unsigned), SrsSecrets.of(secrets), clock);
    }

    private static Mailbox mailbox(String text) {
        return Mailbox.parse(text).orElseThrow(() -> new AssertionError(text));
    }

    private static Mailbox signed(SignedReturnPaths by, String sender) {
        return switch (by.sign(mailbox(sender))) {
            case Signing.Signed(Mailbox address) -> address;
            case Signing.Kept kept -> throw new AssertionError(sender + ": " + kept);
        };
    }

    private Validation validate(String address) {
        return paths.validate(mailbox(address));
    }

    private static Validation genuine(String plain) {
        return new Validation.Genuine(mailbox(plain));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ann@ours.example | prvs=[0-9]612[0-9a-f]{6}=ann@ours[.]example",
                "Ann@Ours.Example | prvs=[0-9]612[0-9a-f]{6}=Ann@ours[.]example",
                "ann+x=y@second.example | prvs=[0-9]612[0-9a-f]{6}=ann[+]x=y@second[.]example",
                "prvs@ours.example | prvs=[0-9]612[0-9a-f]{6}=prvs@ours[.]example",
                "~odd one~@ours.example | ~prvs=[0-9]612[0-9a-f]{6}=odd one~@ours[.]example",
                "josé@ours.example | prvs=[0-9]612[0-9a-f]{6}=josé@ours[.]example",
            })
    void senderOfOursIsSignedAndTheSignatureLeadsBack(String sender, String expected) {
        String written = sender.replace('~', '"');
        Mailbox address = signed(paths, written);
        assertThat(address.toString()).matches(expected.replace('~', '"'));
        assertThat(Mailbox.parse(address.toString())).as("what a peer reads").hasValue(address);
        assertThat(paths.validate(address)).isEqualTo(genuine(written));
        assertThat(SignedReturnPaths.unsigned(address)).hasValue(mailbox(written));
        assertThat(paths.signs(mailbox(written))).isTrue();
        assertThat(paths.signs(address)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ann@other.example | no domain of ours",
                "ann@sub.ours.example | no domain of ours",
                "ann@[192.0.2.1] | no domain of ours",
                "prvs=0612abcdef=ann@ours.example | signed already",
                "PRVS=x@ours.example | signed already",
                "postmaster@ours.example | postmaster",
                "Abuse+x@second.example | abuse",
                "news@ours.example | lists the sender",
                "News+123@ours.example | lists the sender",
                "anybody@open.example | lists the sender",
                "a-local-part-of-forty-nine-octets-is-one-too-many@ours.example | 65 octets",
            })
    void whatIsNotSignedIsToldWhy(String sender, String why) {
        assertThat(paths.sign(mailbox(sender)))
                .isInstanceOfSatisfying(
                        Signing.Kept.class, kept -> assertThat(kept.why()).contains(why));
        assertThat(paths.signs(mailbox(sender))).isFalse();
    }

    @Test
    void localPartMayHave64OctetsAndNoMore() {
        String longest = "x".repeat(64 - "prvs=KDDDSSSSSS=".length());
        assertThat(signed(paths, longest + "@ours.example").localPart().value()).hasSize(64);
        assertThat(paths.signs(mailbox(longest + "x@ours.example"))).isFalse();
        assertThat(paths.signs(mailbox(longest.substring(1) + "é@ours.example")))
                .isFalse();
    }

    @Test
    void pathMayHave256OctetsAndNoMore() {
        DomainName wide = DomainName.of(("x".repeat(61) + ".").repeat(3) + "example");
        SignedReturnPaths there = new SignedReturnPaths(
                new BatvSettings(Set.of(wide), 7, UnsignedAddresses.none()), SrsSecrets.of(SECRET), clock);
        int room = Mailbox.MAX_OCTETS - 1 - wide.text().length() - "prvs=KDDDSSSSSS=".length();
        assertThat(signed(there, "y".repeat(room) + "@" + wide).toString()).hasSize(Mailbox.MAX_OCTETS);
        assertThat(there.sign(mailbox("\"" + "y".repeat(room - 2) + " \"@" + wide)))
                .isInstanceOfSatisfying(
                        Signing.Kept.class, kept -> assertThat(kept.why()).contains("254 octets"));
    }

    @Test
    void addressIsSignedTheSameWayAllDayLong() {
        Mailbox noon = signed(paths, "ann@ours.example");
        clock.advance(Duration.ofHours(11));
        assertThat(signed(paths, "ann@ours.example")).isEqualTo(noon);
        clock.advance(Duration.ofHours(1));
        assertThat(signed(paths, "ann@ours.example")).isNotEqualTo(noon);
    }

    @Test
    void addressIsReadInAnyCase() {
        String address = signed(paths, "Ann@ours.example").toString();
        assertThat(validate(address.toUpperCase(Locale.ROOT))).isEqualTo(genuine("ANN@ours.example"));
        assertThat(validate(address.toLowerCase(Locale.ROOT))).isEqualTo(genuine("ann@ours.example"));
        assertThat(validate(address.replace("@ours", "@second"))).isInstanceOf(Validation.Forged.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prvs=@ours.example",
                "prvs==@ours.example",
                "prvs=ann@ours.example",
                "prvs=0612abcdef@ours.example",
                "prvs=0612abcdef=@ours.example",
                "prvs=0612abcdef=ann@ours.example",
                "PrVs=0612ABCDEF=ann@ours.example",
                "prvs=0612abcde=ann@ours.example",
                "prvs=0612abcdef0=ann@ours.example",
                "prvs=x612abcdef=ann@ours.example",
                "prvs=0612abcdeg=ann@ours.example",
                "prvs=ann/0612abcdef@ours.example",
                "prvs=0612abcdef=prvs=0612abcdef=ann@ours.example",
                "\"prvs=0612abcdef=ann@other.example\"@ours.example",
                "prvs=٠612abcdef=ann@ours.example",
                "prvs=0612abcdef=ann@open.example",
            })
    void whatWeDidNotSignIsForged(String address) {
        assertThat(validate(address))
                .isEqualTo(new Validation.Forged("this return address was not signed by this server"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann@ours.example",
                "prvs@ours.example",
                "prvs-x=y@ours.example",
                "xprvs=0612abcdef=ann@ours.example",
                "prvſ=0612abcdef=ann@ours.example",
                "prvs=0612abcdef=ann@other.example",
                "prvs=0612abcdef=ann@sub.ours.example",
                "prvs=0612abcdef=ann@[192.0.2.1]",
            })
    void anythingElseIsNoSignedAddressOfOurs(String address) {
        assertThat(validate(address)).isEqualTo(new Validation.Plain());
    }

    @Test
    void everyCharacterThatIsChangedIsAForgery() {
        String local = signed(paths, "ann@ours.example").localPart().value();
        for (int i = "prvs=".length(); i < local.length(); i++) {
            for (String other : new String[] {"0", "1", "a", "b", "="}) {
                String changed = local.substring(0, i) + other + local.substring(i + 1);
                if (!changed.equals(local)) {
                    assertThat(validate(changed + "@ours.example")).as(changed).isInstanceOf(Validation.Forged.class);
                }
                String longer = local.substring(0, i) + other + local.substring(i);
                assertThat(validate(longer + "@ours.example")).as(longer).isInstanceOf(Validation.Forged.class);
            }
            String shorter = local.substring(0, i) + local.substring(i + 1);
            assertThat(validate(shorter + "@ours.example")).as(shorter).isInstanceOf(Validation.Forged.class);
        }
    }

    @Test
    void addressIsGoodForSevenDaysThenExpiredAndNeverGoodAgain() {
        String address = signed(paths, "ann@ours.example").toString();
        clock.advance(Duration.ofDays(7));
        assertThat(validate(address)).isEqualTo(genuine("ann@ours.example"));
        clock.advance(Duration.ofDays(1));
        assertThat(validate(address))
                .isInstanceOfSatisfying(
                        Validation.Expired.class,
                        expired -> assertThat(expired.why()).endsWith("was good until 2026-06-08"));
        for (int day = 9; day < 2100; day++) {
            clock.advance(Duration.ofDays(1));
            assertThat(validate(address)).as("after %d days", day).isNotInstanceOf(Validation.Genuine.class);
        }
    }

    @Test
    void dayBeginsAgainAfterAThousand() {
        clock.advance(Duration.ofDays(1000 - 612 + 3));
        String address = signed(paths, "ann@ours.example").toString();
        assertThat(address).matches("prvs=.003.*");
        assertThat(validate(address)).isEqualTo(genuine("ann@ours.example"));
        clock.advance(Duration.ofDays(-7));
        String before = signed(paths, "ann@ours.example").toString();
        assertThat(before).matches("prvs=.996.*");
        clock.advance(Duration.ofDays(8));
        assertThat(validate(before)).isInstanceOf(Validation.Expired.class);
    }

    @Test
    void serverBesideUsMayBeADayAheadAndHaveOtherSettings() {
        for (int days : new int[] {1, BatvSettings.MOST_DAYS}) {
            clock.advance(Duration.ofDays(1));
            String tomorrows = signed(paths(days, SECRET), "ann@ours.example").toString();
            clock.advance(Duration.ofDays(-1));
            assertThat(validate(tomorrows)).isEqualTo(genuine("ann@ours.example"));
        }
    }

    @Test
    void firstSecretSignsAndAllVerifyInWhateverLineTheyStand() {
        String old = "the old secret of the test";
        String young = "the young secret of the test";
        Mailbox before = signed(paths(7, old), "ann@ours.example");
        assertThat(paths(7, young + "\n" + old).validate(before)).isInstanceOf(Validation.Genuine.class);
        assertThat(signed(paths(7, young + "\n" + old), "ann@ours.example"))
                .isEqualTo(signed(paths(7, young), "ann@ours.example"));
        assertThat(paths(7, young).validate(before)).isInstanceOf(Validation.Forged.class);
    }

    @Test
    void digitOfAnotherSecretMakesAGoodHashAForgery() {
        String local = signed(paths, "ann@ours.example").localPart().value();
        char digit = local.charAt(5);
        for (char other = '0'; other <= '9'; other++) {
            String address = "prvs=" + other + local.substring(6) + "@ours.example";
            assertThat(validate(address))
                    .as(address)
                    .isInstanceOf(other == digit ? Validation.Genuine.class : Validation.Forged.class);
        }
    }

    @Test
    void daysAreBounded() {
        assertThatIllegalArgumentException().isThrownBy(() -> paths(0, SECRET));
        assertThatIllegalArgumentException().isThrownBy(() -> paths(BatvSettings.MOST_DAYS + 1, SECRET));
    }
}
