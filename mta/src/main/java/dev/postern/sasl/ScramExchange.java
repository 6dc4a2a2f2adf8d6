package dev.postern.sasl;

import dev.postern.wire.ChannelBindings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// One client's way through SCRAM.
///
/// ```
/// C: n,,n=user,r=NONCE                      or with PLUS: p=tls-exporter,,n=user,r=NONCE
/// S: r=NONCEnonce,s=SALT,i=50000
/// C: c=BINDING,r=NONCEnonce,p=PROOF
/// S: v=SIGNATURE
/// C:                                        (RFC 4954 §4: the last word is the server's 235)
/// ```
///
/// A name that does not exist goes the same way to the same end as a wrong password. What was wrong is not told to the
/// client, as `e=` would (RFC 5802 §7).
///
/// @rfc 5802 §3
final class ScramExchange implements SaslExchange {
    private static final int NONCE_OCTETS = 18;

    private final Scram.Kind kind;
    private final Scram.Ground ground;
    private final SaslContext context;
    private State state = new State.Idle();

    /// Who is to prove something.
    ///
    /// @param user in canonical form
    /// @param real whether the keys are a user's
    private record Subject(String user, ScramKeys keys, boolean real) {}

    /// Where the exchange is.
    private sealed interface State {
        /// Nothing was said.
        record Idle() implements State {}

        /// The client is to say who it is.
        record Asked() implements State {}

        /// The client is to prove it.
        ///
        /// @param binding what the client must bind by
        /// @param nonce of both
        /// @param messages so far, as the proof covers them
        @SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
        record Challenged(Subject subject, byte[] binding, String nonce, String messages) implements State {}

        /// The client has proven it and is to take note of our proof.
        record Proven(String user) implements State {}

        /// Nothing more is to come.
        record Over() implements State {}
    }

    ScramExchange(Scram.Kind kind, Scram.Ground ground, SaslContext context) {
        this.kind = kind;
        this.ground = ground;
        this.context = context;
    }

    @Override
    public SaslStep begin(Optional<byte[]> initialResponse) {
        if (initialResponse.isPresent()) {
            return first(initialResponse.get());
        }
        state = new State.Asked();
        return new SaslStep.Challenge(new byte[0]);
    }

    @Override
    public SaslStep respond(byte[] response) {
        State now = state;
        state = new State.Over();
        return switch (now) {
            case State.Asked _ -> first(response);
            case State.Challenged challenged -> last(challenged, response);
            case State.Proven(String user) ->
                response.length == 0
                        ? new SaslStep.Authenticated(user)
                        : new SaslStep.Rejected("said more after its proof", user);
            case State.Idle _, State.Over _ -> throw new IllegalStateException("SCRAM has asked for nothing");
        };
    }

    /// The client's first message; answered with nonce, salt and iterations.
    private SaslStep first(byte[] message) {
        Optional<ClientFirst> parsed = ClientFirst.parse(message);
        if (parsed.isEmpty()) {
            return new SaslStep.Rejected("malformed SCRAM message", "");
        }
        ClientFirst first = parsed.get();
        if (first.header()
                .authorization()
                .filter(name -> !name.equals(first.user()))
                .isPresent()) {
            return new SaslStep.Rejected("asked to act for somebody else", first.user());
        }
        return switch (binding(first.header())) {
            case Binding.Refused(String why) -> new SaslStep.Rejected(why, first.user());
            case Binding.By(byte[] octets) -> challenge(first, octets);
        };
    }

    private SaslStep challenge(ClientFirst first, byte[] binding) {
        Optional<LoginGate.Closed> closed = context.gate().ask(first.user());
        if (closed.isPresent()) {
            return new SaslStep.Throttled(closed.get().by(), closed.get().closedFor(), first.user());
        }
        return switch (ground.users().keysOf(first.user())) {
            case ScramLookup.Finding.Unavailable(String why) -> new SaslStep.Unavailable(why);
            case ScramLookup.Finding.Found(String user, ScramKeys keys) -> {
                ground.decoys().of(user); // the unknown cost this too
                yield challenge(first, binding, new Subject(user, keys, true));
            }
            case ScramLookup.Finding.Unknown(String user) ->
                challenge(first, binding, new Subject(user, ground.decoys().of(user), false));
        };
    }

    private SaslStep challenge(ClientFirst first, byte[] binding, Subject subject) {
        byte[] fresh = new byte[NONCE_OCTETS];
        ground.random().nextBytes(fresh);
        String nonce = first.nonce() + Base64.getEncoder().encodeToString(fresh);
        ScramKeys keys = subject.keys();
        String answer = "r=" + nonce + ",s=" + keys.salt() + ",i=" + keys.iterations();
        state = new State.Challenged(subject, binding, nonce, first.bare() + "," + answer);
        return new SaslStep.Challenge(answer.getBytes(StandardCharsets.US_ASCII));
    }

    /// The client's proof; answered with ours.
    private SaslStep last(State.Challenged challenged, byte[] message) {
        Subject subject = challenged.subject();
        Optional<ClientFinal> parsed = ClientFinal.parse(message);
        if (parsed.isEmpty()) {
            return new SaslStep.Rejected("malformed SCRAM message", subject.user());
        }
        ClientFinal last = parsed.get();
        if (!last.nonce().equals(challenged.nonce())) {
            return new SaslStep.Rejected("another nonce than ours", subject.user());
        }
        if (!MessageDigest.isEqual(last.binding(), challenged.binding())) {
            return new SaslStep.Rejected("another channel binding than ours", subject.user());
        }
        String authMessage = challenged.messages() + "," + last.withoutProof();
        boolean proven = subject.keys().accepts(last.proof(), authMessage);
        if (!proven || !subject.real()) {
            return new SaslStep.Rejected(Credentials.WRONG, subject.user());
        }
        state = new State.Proven(subject.user());
        byte[] signature = subject.keys().signature(authMessage);
        return new SaslStep.Challenge(
                ("v=" + Base64.getEncoder().encodeToString(signature)).getBytes(StandardCharsets.US_ASCII));
    }

    /// What the client has to bind by.
    private sealed interface Binding {
        /// The header and the channel's octets.
        @SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
        record By(byte[] octets) implements Binding {}

        /// It may not go on.
        record Refused(String why) implements Binding {}
    }

    /// RFC 5802 §6. A client that says `y` knows channel binding and has not seen it offered: where we did offer it,
    /// somebody has taken it out of our words.
    private Binding binding(Gs2Header header) {
        byte[] text = header.text().getBytes(StandardCharsets.UTF_8);
        return switch (header.flag()) {
            case Gs2Header.Flag.NotSupported _ ->
                kind == Scram.Kind.UNBOUND
                        ? new Binding.By(text)
                        : new Binding.Refused("no channel binding where one was chosen");
            case Gs2Header.Flag.NotOffered _ ->
                kind == Scram.Kind.UNBOUND && context.bindings().isEmpty()
                        ? new Binding.By(text)
                        : new Binding.Refused("channel binding was offered and the client has not heard it");
            case Gs2Header.Flag.Bound(String type) ->
                kind == Scram.Kind.PLUS
                        ? ChannelBindings.Type.of(type)
                                .flatMap(context.bindings()::octets)
                                .<Binding>map(octets -> new Binding.By(both(text, octets)))
                                .orElseGet(() -> new Binding.Refused("a channel binding that is not here"))
                        : new Binding.Refused("channel binding with a mechanism that has none");
        };
    }

    private static byte[] both(byte[] one, byte[] other) {
        byte[] joined = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
    }
}
