package dev.postern.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.wire.ChannelBindings;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// SCRAM-SHA-256 and SCRAM-SHA-256-PLUS as the server speaks them, and the client of our own against it.
class ScramTest {
    private static final MemoryCredentials USERS =
            new MemoryCredentials(Map.of("alice", "pencil", "a=b,c", "pencil", "josé", "pässwörd"));
    private static final ScramDecoys DECOYS = new ScramDecoys("a secret of this test".getBytes(UTF_8));
    private static final ChannelBindings BOTH = type -> Optional.of(type.label().getBytes(UTF_8));
    private static final ChannelBindings END_POINT_ONLY = type -> type == ChannelBindings.Type.TLS_SERVER_END_POINT
            ? Optional.of("a certificate".getBytes(UTF_8))
            : Optional.empty();
    private static final String NONCE = "fyko+d2lbbFgONRv9qkxdawL";

    /// All our nonces are this.
    private static final String OURS = "AAAAAAAAAAAAAAAAAAAAAAAA";

    private static final RandomGenerator ZEROS = () -> 0L;

    private static Scram scram(Scram.Kind kind) {
        return new Scram(kind, new Scram.Ground(USERS, DECOYS, ZEROS));
    }

    private static SaslContext on(ChannelBindings bindings) {
        return new SaslContext(bindings, LoginGate.open());
    }

    private static SaslExchange unbound() {
        return scram(Scram.Kind.UNBOUND).begin(SaslContext.plain());
    }

    private static String text(SaslStep step) {
        assertThat(step).isInstanceOf(SaslStep.Challenge.class);
        return new String(((SaslStep.Challenge) step).octets(), UTF_8);
    }

    private static SaslStep begin(SaslExchange exchange, String message) {
        return exchange.begin(Optional.of(message.getBytes(UTF_8)));
    }

    private static SaslStep respond(SaslExchange exchange, String message) {
        return exchange.respond(message.getBytes(UTF_8));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /// The exchange of RFC 7677 §3, both sides.
    @Test
    void exampleOfTheStandardGoesAsWritten() {
        String clientNonce = "rOprNGfwEbeRWgbNEkqO";
        String serverFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        ScramClient client = ScramClient.of(
                        "user", "pencil", ScramClient.Plus.NOT_KNOWN, ChannelBindings.none(), clientNonce)
                .orElseThrow();

        assertThat(new String(client.first(), UTF_8)).isEqualTo("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(client.answer(serverFirst.getBytes(UTF_8)).map(octets -> new String(octets, UTF_8)))
                .hasValue("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(client.isServer("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=".getBytes(UTF_8)))
                .isTrue();

        ScramKeys keys = ScramKeys.make("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
        String authMessage = "n=user,r=rOprNGfwEbeRWgbNEkqO," + serverFirst
                + ",c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        assertThat(keys.accepts(
                        Base64.getDecoder().decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="), authMessage))
                .isTrue();
        assertThat(keys.signature(authMessage))
                .isEqualTo(Base64.getDecoder().decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    }

    /// What comes of a client of ours against our server.
    private static SaslStep play(SaslMechanism mechanism, ChannelBindings there, ScramClient client) {
        SaslExchange exchange = mechanism.begin(on(there));
        SaslStep step = exchange.begin(Optional.of(client.first()));
        if (!(step instanceof SaslStep.Challenge(byte[] serverFirst))) {
            return step;
        }
        step = exchange.respond(client.answer(serverFirst).orElseThrow());
        if (!(step instanceof SaslStep.Challenge(byte[] serverFinal))) {
            return step;
        }
        assertThat(client.isServer(serverFinal)).isTrue();
        return exchange.respond(new byte[0]);
    }

    private static ScramClient client(String user, String password, ScramClient.Plus plus, ChannelBindings here) {
        return ScramClient.of(user, password, plus, here, new SecureRandom()).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "alice, pencil, alice",
        "ALICE, pencil, alice",
        "al\u00ADice, pencil, alice",
        "'a=b,c', pencil, 'a=b,c'",
        "jose\u0301, pa\u0308sswo\u0308rd, josé"
    })
    void whoKnowsThePasswordIsInUnderTheCanonicalName(String user, String password, String canonical) {
        assertThat(play(
                        scram(Scram.Kind.UNBOUND),
                        ChannelBindings.none(),
                        client(user, password, ScramClient.Plus.NOT_KNOWN, ChannelBindings.none())))
                .isEqualTo(new SaslStep.Authenticated(canonical));
    }

    @Test
    void withoutAnInitialResponseItAsksWithAnEmptyChallenge() {
        SaslExchange exchange = unbound();

        assertThat(text(exchange.begin(Optional.empty()))).isEmpty();
        assertThat(text(respond(exchange, "n,,n=alice,r=" + NONCE))).startsWith("r=" + NONCE + OURS + ",s=");
    }

    @Test
    void bothEndsOfOneConnectionBindToIt() {
        for (ChannelBindings bindings : new ChannelBindings[] {BOTH, END_POINT_ONLY}) {
            assertThat(play(
                            scram(Scram.Kind.PLUS),
                            bindings,
                            client("alice", "pencil", ScramClient.Plus.USED, bindings)))
                    .isEqualTo(new SaslStep.Authenticated("alice"));
        }
    }

    @Test
    void whoeverSitsBetweenTwoConnectionsIsFound() {
        ChannelBindings another = type -> Optional.of("another connection".getBytes(UTF_8));

        assertThat(play(scram(Scram.Kind.PLUS), BOTH, client("alice", "pencil", ScramClient.Plus.USED, another)))
                .isEqualTo(new SaslStep.Rejected("another channel binding than ours", "alice"));
    }

    @Test
    void whoeverTakesPlusOutOfOurOfferIsFound() {
        ScramClient deceived = client("alice", "pencil", ScramClient.Plus.NOT_OFFERED, BOTH);

        assertThat(play(scram(Scram.Kind.UNBOUND), BOTH, deceived)).isInstanceOf(SaslStep.Rejected.class);
    }

    @Test
    void clientThatKnowsBindingsMaySayThatWeHaveNone() {
        assertThat(play(
                        scram(Scram.Kind.UNBOUND),
                        ChannelBindings.none(),
                        client("alice", "pencil", ScramClient.Plus.NOT_OFFERED, BOTH)))
                .isEqualTo(new SaslStep.Authenticated("alice"));
    }

    @Test
    void clientThatKnowsNoBindingsNeedsNoneWhereWeHaveSome() {
        assertThat(play(
                        scram(Scram.Kind.UNBOUND),
                        BOTH,
                        client("alice", "pencil", ScramClient.Plus.NOT_KNOWN, ChannelBindings.none())))
                .isEqualTo(new SaslStep.Authenticated("alice"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n,,n=alice,r=x",
                "y,,n=alice,r=x",
                "p=tls-unique,,n=alice,r=x",
                "p=tls-exporter,,n=alice,r=x",
                "p=TLS-SERVER-END-POINT,,n=alice,r=x"
            })
    void plusIsTakenWithABindingThatIsHereOnly(String message) {
        assertThat(begin(scram(Scram.Kind.PLUS).begin(on(END_POINT_ONLY)), message))
                .isInstanceOf(SaslStep.Rejected.class);
    }

    @Test
    void bindingWithTheMechanismThatHasNoneIsRefused() {
        assertThat(begin(scram(Scram.Kind.UNBOUND).begin(on(BOTH)), "p=tls-exporter,,n=alice,r=x"))
                .isInstanceOf(SaslStep.Rejected.class);
    }

    @Test
    void plusIsOfferedWhereThereIsABindingAndBothWhereSomebodyHasKeys() {
        Scram.Ground empty = new Scram.Ground(new MemoryCredentials(Map.of()), DECOYS, ZEROS);

        assertThat(scram(Scram.Kind.PLUS).isOffered(END_POINT_ONLY)).isTrue();
        assertThat(scram(Scram.Kind.PLUS).isOffered(ChannelBindings.none())).isFalse();
        assertThat(scram(Scram.Kind.UNBOUND).isOffered(ChannelBindings.none())).isTrue();
        for (Scram.Kind kind : Scram.Kind.values()) {
            assertThat(new Scram(kind, empty).isOffered(BOTH)).isFalse();
        }
    }

    static Stream<Arguments> wrongFirstMessages() {
        return Stream.of(
                Arguments.of("nothing", ""),
                Arguments.of("no header", "n=alice,r=" + NONCE),
                Arguments.of("header only", "n,,"),
                Arguments.of("one comma in the header", "n,n=alice,r=" + NONCE),
                Arguments.of("no flag", ",,n=alice,r=" + NONCE),
                Arguments.of("unknown flag", "x,,n=alice,r=" + NONCE),
                Arguments.of("flag in upper case", "N,,n=alice,r=" + NONCE),
                Arguments.of("binding without a name", "p=,,n=alice,r=" + NONCE),
                Arguments.of("binding of forbidden characters", "p=tls_unique,,n=alice,r=" + NONCE),
                Arguments.of("somebody else's identity", "n,a=bob,n=alice,r=" + NONCE),
                Arguments.of("empty identity", "n,a=,n=alice,r=" + NONCE),
                Arguments.of("identity without a=", "n,alice,n=alice,r=" + NONCE),
                Arguments.of("identity badly encoded", "n,a=al=ice,n=alice,r=" + NONCE),
                Arguments.of("no name", "n,,r=" + NONCE),
                Arguments.of("empty name", "n,,n=,r=" + NONCE),
                Arguments.of("name twice", "n,,n=alice,n=alice,r=" + NONCE),
                Arguments.of("name behind the nonce", "n,,r=" + NONCE + ",n=alice"),
                Arguments.of("name badly encoded", "n,,n=al=2cice,r=" + NONCE),
                Arguments.of("name with a bare equals sign", "n,,n=al=ice,r=" + NONCE),
                Arguments.of("name with a control character", "n,,n=ali\u0007ce,r=" + NONCE),
                Arguments.of("name with a line end", "n,,n=alice\r\n,r=" + NONCE),
                Arguments.of("name with a NUL", "n,,n=alice\0,r=" + NONCE),
                Arguments.of("name of 256 octets", "n,,n=" + "a".repeat(256) + ",r=" + NONCE),
                Arguments.of("no nonce", "n,,n=alice"),
                Arguments.of("empty nonce", "n,,n=alice,r="),
                Arguments.of("nonce with a blank", "n,,n=alice,r=a b"),
                Arguments.of("nonce beyond ASCII", "n,,n=alice,r=ä"),
                Arguments.of("nonce of 513 characters", "n,,n=alice,r=" + "n".repeat(513)),
                Arguments.of("nonce twice", "n,,n=alice,r=" + NONCE + ",r=" + NONCE),
                Arguments.of("mandatory extension", "n,,m=x,n=alice,r=" + NONCE),
                Arguments.of("mandatory extension behind", "n,,n=alice,r=" + NONCE + ",m=x"),
                Arguments.of("proof at once", "n,,n=alice,r=" + NONCE + ",p=AAAA"),
                Arguments.of("extension without a value", "n,,n=alice,r=" + NONCE + ",x="),
                Arguments.of("extension without a name", "n,,n=alice,r=" + NONCE + ",=x"),
                Arguments.of("comma at the end", "n,,n=alice,r=" + NONCE + ","),
                Arguments.of("NUL at the end", "n,,n=alice,r=" + NONCE + "\0"),
                Arguments.of("a PLAIN message", "\0alice\0pencil"),
                Arguments.of("a mebibyte", "n,,n=alice,r=" + NONCE + ",x=" + "y".repeat(1 << 20)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongFirstMessages")
    void firstMessageThatIsNoneIsRejected(String what, String message) {
        assertThat(begin(unbound(), message)).isInstanceOf(SaslStep.Rejected.class);
        SaslExchange asked = unbound();
        asked.begin(Optional.empty());
        assertThat(respond(asked, message)).isInstanceOf(SaslStep.Rejected.class);
    }

    @Test
    void octetsThatAreNoUtf8AreRejected() {
        byte[] message = ("n,,n=alice,r=" + NONCE).getBytes(UTF_8);
        message[5] = (byte) 0xC0;

        assertThat(unbound().begin(Optional.of(message)))
                .isEqualTo(new SaslStep.Rejected("malformed SCRAM message", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"n,a=alice,n=alice,r=x", "n,,n=alice,r=x,x=y", "n,,n=alice,r=x,x=y=z,Q=1"})
    void ownIdentityAndOptionalExtensionsAreTaken(String message) {
        assertThat(text(begin(unbound(), message))).startsWith("r=x" + OURS);
    }

    /// The last message of a client that knows the password, as `c=` `r=` and `p=`.
    private record Last(SaslExchange exchange, String binding, String nonce, String proof) {
        static Last right() {
            SaslExchange exchange = unbound();
            ScramClient client = ScramClient.of(
                            "alice", "pencil", ScramClient.Plus.NOT_KNOWN, ChannelBindings.none(), NONCE)
                    .orElseThrow();
            SaslStep.Challenge challenge = (SaslStep.Challenge) exchange.begin(Optional.of(client.first()));
            String[] fields = new String(client.answer(challenge.octets()).orElseThrow(), UTF_8).split(",", -1);
            return new Last(exchange, fields[0], fields[1], fields[2]);
        }
    }

    static Stream<Arguments> wrongLastMessages() {
        String otherProof = "p=" + Base64.getEncoder().encodeToString(new byte[32]);
        return Stream.of(
                Arguments.of("nothing", ""),
                Arguments.of("no binding", "{r},{p}"),
                Arguments.of("no nonce", "{c},{p}"),
                Arguments.of("no proof", "{c},{r}"),
                Arguments.of("proof only", "{p}"),
                Arguments.of("binding twice", "{c},{c},{r},{p}"),
                Arguments.of("nonce twice", "{c},{r},{r},{p}"),
                Arguments.of("proof twice", "{c},{r},{p},{p}"),
                Arguments.of("proof before the nonce", "{c},{p},{r}"),
                Arguments.of("nonce before the binding", "{r},{c},{p}"),
                Arguments.of("something behind the proof", "{c},{r},{p},x=y"),
                Arguments.of("comma at the end", "{c},{r},{p},"),
                Arguments.of("mandatory extension", "m=x,{c},{r},{p}"),
                Arguments.of("mandatory extension inside", "{c},{r},m=x,{p}"),
                Arguments.of("optional extension that the proof does not cover", "{c},{r},x=y,{p}"),
                Arguments.of("other nonce of the client", "{c},r=g" + NONCE.substring(1) + OURS + ",{p}"),
                Arguments.of("other nonce of the server", "{c},r=" + NONCE + "B" + OURS.substring(1) + ",{p}"),
                Arguments.of("nonce of the client only", "{c},r=" + NONCE + ",{p}"),
                Arguments.of("nonce with more behind it", "{c},{r}A,{p}"),
                Arguments.of("empty nonce", "{c},r=,{p}"),
                Arguments.of("other header", "c=" + base64("y,,") + ",{r},{p}"),
                Arguments.of("other identity", "c=" + base64("n,a=alice,") + ",{r},{p}"),
                Arguments.of("binding that nobody has", "c=" + base64("p=tls-exporter,,keys") + ",{r},{p}"),
                Arguments.of("binding without padding", "c=biw,{r},{p}"),
                Arguments.of("empty binding", "c=,{r},{p}"),
                Arguments.of("proof of something else", "{c},{r}," + otherProof),
                Arguments.of(
                        "proof without padding",
                        "{c},{r}," + otherProof.replace("=", "").replaceFirst("p", "p=")),
                Arguments.of(
                        "proof of 31 octets", "{c},{r},p=" + Base64.getEncoder().encodeToString(new byte[31])),
                Arguments.of(
                        "proof of 33 octets", "{c},{r},p=" + Base64.getEncoder().encodeToString(new byte[33])),
                Arguments.of("empty proof", "{c},{r},p="),
                Arguments.of("NUL at the end", "{c},{r},{p}\0"),
                Arguments.of("NUL inside", "{c},{r}\0,{p}"),
                Arguments.of("beyond ASCII", "{c},{r}ä,{p}"),
                Arguments.of("a mebibyte", "{c},{r},x=" + "y".repeat(1 << 20) + ",{p}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongLastMessages")
    void lastMessageThatIsNotTheRightOneIsRejected(String what, String pattern) {
        Last right = Last.right();
        String message = pattern.replace("{c}", right.binding())
                .replace("{r}", right.nonce())
                .replace("{p}", right.proof());

        assertThat(respond(right.exchange(), message)).isInstanceOf(SaslStep.Rejected.class);
        assertThatThrownBy(() -> respond(right.exchange(), message)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void rightLastMessageIsAnsweredWithOurProofAndThenWithSuccess() {
        Last right = Last.right();
        SaslStep step = respond(right.exchange(), right.binding() + "," + right.nonce() + "," + right.proof());

        assertThat(text(step)).startsWith("v=").hasSize(2 + 44);
        assertThat(right.exchange().respond(new byte[0])).isEqualTo(new SaslStep.Authenticated("alice"));
        assertThatThrownBy(() -> right.exchange().respond(new byte[0])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoSaysMoreAfterOurProofIsNotIn() {
        Last right = Last.right();
        respond(right.exchange(), right.binding() + "," + right.nonce() + "," + right.proof());

        assertThat(respond(right.exchange(), "x")).isInstanceOf(SaslStep.Rejected.class);
    }

    @Test
    void unknownUserIsAskedLikeAKnownOneAndAlwaysTheSame() {
        String known = text(begin(unbound(), "n,,n=alice,r=x"));
        String unknown = text(begin(unbound(), "n,,n=mallory,r=x"));

        assertThat(unknown).hasSameSizeAs(known.replace("i=4096", "i=50000")).endsWith(",i=50000");
        assertThat(text(begin(unbound(), "n,,n=mallory,r=x"))).isEqualTo(unknown);
        assertThat(text(begin(unbound(), "n,,n=MALLORY,r=x"))).isEqualTo(unknown);
        assertThat(text(begin(unbound(), "n,,n=malloryy,r=x"))).isNotEqualTo(unknown);
    }

    @ParameterizedTest
    @CsvSource({"alice, pen", "mallory, pencil"})
    void unknownUserAndWrongPasswordAreToldApartNowhere(String user, String password) {
        SaslStep step = play(
                scram(Scram.Kind.UNBOUND),
                ChannelBindings.none(),
                client(user, password, ScramClient.Plus.NOT_KNOWN, ChannelBindings.none()));

        assertThat(step).isEqualTo(new SaslStep.Rejected("wrong user or password", user));
    }

    @Test
    void keysOfNobodyFitNoProof() {
        ScramKeys keys = DECOYS.of("mallory");

        assertThat(keys.accepts(new byte[32], "anything")).isFalse();
        assertThatThrownBy(() -> new ScramDecoys(new byte[15])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void backEndThatCannotAnswerIsNotARejection() {
        ScramLookup down = new ScramLookup() {
            @Override
            public boolean hasKeys() {
                return true;
            }

            @Override
            public Finding keysOf(String user) {
                return new Finding.Unavailable("disk");
            }
        };
        SaslExchange exchange =
                new Scram(Scram.Kind.UNBOUND, new Scram.Ground(down, DECOYS, ZEROS)).begin(SaslContext.plain());

        assertThat(begin(exchange, "n,,n=alice,r=x")).isEqualTo(new SaslStep.Unavailable("disk"));
    }

    @ParameterizedTest
    @EnumSource(Scram.Kind.class)
    void closedGateIsAskedBeforeTheKeysAre(Scram.Kind kind) {
        Duration minute = Duration.ofMinutes(1);
        ChannelBindings bindings = kind == Scram.Kind.PLUS ? BOTH : ChannelBindings.none();
        SaslExchange exchange = scram(kind)
                .begin(new SaslContext(
                        bindings, user -> Optional.of(new LoginGate.Closed("address of " + user, minute))));
        String header = kind == Scram.Kind.PLUS ? "p=tls-exporter,," : "n,,";

        assertThat(begin(exchange, header + "n=alice,r=x"))
                .isEqualTo(new SaslStep.Throttled("address of alice", minute, "alice"));
    }

    @Test
    void responseBeforeTheBeginningIsOurFault() {
        assertThatThrownBy(() -> unbound().respond(new byte[0])).isInstanceOf(IllegalStateException.class);
    }

    static Stream<Arguments> wrongServers() {
        String nonce = "r=" + NONCE + "server";
        return Stream.of(
                Arguments.of("nothing", ""),
                Arguments.of("an error", "e=other-error"),
                Arguments.of("another nonce", "r=x" + NONCE + ",s=c2FsdHNhbHQ=,i=4096"),
                Arguments.of("our nonce only", "r=" + NONCE + ",s=c2FsdHNhbHQ=,i=4096"),
                Arguments.of("too few iterations", nonce + ",s=c2FsdHNhbHQ=,i=4095"),
                Arguments.of("too many iterations", nonce + ",s=c2FsdHNhbHQ=,i=1000001"),
                Arguments.of("iterations beyond every number", nonce + ",s=c2FsdHNhbHQ=,i=99999999999999999999"),
                Arguments.of("iterations with a sign", nonce + ",s=c2FsdHNhbHQ=,i=+4096"),
                Arguments.of("no salt", nonce + ",i=4096"),
                Arguments.of("salt that is no base64", nonce + ",s=c2FsdA,i=4096"),
                Arguments.of("mandatory extension", "m=x," + nonce + ",s=c2FsdHNhbHQ=,i=4096"),
                Arguments.of("mandatory extension behind", nonce + ",s=c2FsdHNhbHQ=,i=4096,m=x"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongServers")
    void clientAnswersNoServerThatDoesNotKeepToTheRules(String what, String serverFirst) {
        ScramClient client = ScramClient.of(
                        "alice", "pencil", ScramClient.Plus.NOT_KNOWN, ChannelBindings.none(), NONCE)
                .orElseThrow();

        assertThat(client.answer(serverFirst.getBytes(UTF_8))).isEmpty();
        assertThat(client.isServer("v=".getBytes(UTF_8))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v=", "v=AAAA", "e=invalid-proof", "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="})
    void clientBelievesNoServerThatCannotProveItself(String serverFinal) {
        ScramClient client = ScramClient.of(
                        "alice", "pencil", ScramClient.Plus.NOT_KNOWN, ChannelBindings.none(), NONCE)
                .orElseThrow();
        client.answer(("r=" + NONCE + "x,s=c2FsdHNhbHQ=,i=4096").getBytes(UTF_8));

        assertThat(client.isServer(serverFinal.getBytes(UTF_8))).isFalse();
    }

    @Test
    void clientHasNothingToBindToWhereThereIsNoBindingAndNoPasswordThatCannotBePrepared() {
        assertThat(ScramClient.of("alice", "pencil", ScramClient.Plus.USED, ChannelBindings.none(), NONCE))
                .isEmpty();
        assertThat(ScramClient.of("alice", "pen\u0007cil", ScramClient.Plus.NOT_KNOWN, BOTH, NONCE))
                .isEmpty();
        assertThat(ScramClient.of("alice", "\u00AD", ScramClient.Plus.NOT_KNOWN, BOTH, NONCE))
                .isEmpty();
    }
}
