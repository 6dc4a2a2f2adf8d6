package dev.postern.smtpserver;

import dev.postern.policy.ListenerRole;
import dev.postern.policy.SessionFacts;
import dev.postern.smtp.Command;
import dev.postern.smtp.CommandParser;
import dev.postern.smtp.Reply;
import dev.postern.wire.Line;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The manners of one client: whether it waits for its greeting and for the replies that it must wait for, whether it
/// speaks SMTP at all, and how long it waits itself for what it has done. Used by one thread.
///
/// Deviates: who has none is told once, and the connection is closed though it has not said QUIT (RFC 5321 §3.8), since
/// what else it has sent is no answer to anything we said.
///
/// @rfc 5321 §3.1
/// @rfc 2920 §3.1
final class SessionManners {
    /// Octets of what a client says first by which other protocols are told.
    private static final int BEGINNING = 64;

    private static final String CONNECT = "connect";
    private static final String PROTOCOL = "protocol";

    private final SessionCore core;
    private final Conversation conversation;
    private final SessionServices services;
    private boolean begins;
    private Duration heldBack = Duration.ZERO;
    private int refusals;
    private boolean inTarpit;

    SessionManners(SessionCore core) {
        this.core = core;
        this.conversation = core.conversation();
        this.services = core.services();
    }

    private MannersSettings settings() {
        return services.manners().settings();
    }

    /// Says the greeting when it is time.
    ///
    /// @return the last answer, where the client has no manners
    /// @throws IOException if the client is lost meanwhile, or the server stops
    Optional<Answer> greet(SessionFacts facts, Reply greeting) throws IOException {
        Optional<InetAddress> stranger = stranger(facts);
        if (stranger.isPresent()) {
            Optional<Answer> objection = receive(stranger.get(), facts, greeting);
            if (objection.isPresent()) {
                return objection;
            }
        }
        conversation.say(greeting);
        begins = true;
        return Optional.empty();
    }

    /// Looks at the first octets that a client says to its greeting, before they are read.
    ///
    /// @return the last answer, where they are no SMTP
    Optional<Answer> beginning(SessionFacts facts) {
        if (!begins) {
            return Optional.empty();
        }
        begins = false;
        return OtherProtocol.ofFirst(conversation.beginning(BEGINNING)).map(other -> foreign(facts, other));
    }

    /// Lets a stranger wait, and listens to whether it does.
    private Optional<Answer> receive(InetAddress client, SessionFacts facts, Reply greeting) throws IOException {
        heldBack = sooner(services.guard().tarpit(client), settings().slowness().longest());
        if (heldBack.isPositive() && !enterTarpit(facts, "offences")) {
            return Optional.of(full());
        }
        MannersSettings.GreetingWait asked = settings().greeting();
        if (facts.role() != ListenerRole.MX || asked.time().isZero()) {
            conversation.holdBack(heldBack);
            return Optional.empty();
        }
        boolean known = services.manners().known().knows(client, asked.remembered());
        Duration wait = known || heldBack.compareTo(asked.time()) > 0 ? heldBack : asked.time();
        if (wait.isPositive() && asked.inTwo()) {
            conversation.sayFirstLine(greeting);
        }
        if (conversation.speaksWithin(wait)) {
            return Optional.of(early(client, facts));
        }
        if (!known) {
            services.manners().known().met(client);
        }
        return Optional.empty();
    }

    /// RFC 5321 §3.1: the client waits for the greeting before it says anything.
    private Answer early(InetAddress client, SessionFacts facts) {
        services.manners().known().forget(client);
        byte[] octets = conversation.beginning(BEGINNING);
        String said = new String(octets, StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("");
        Optional<OtherProtocol> other = OtherProtocol.ofFirst(octets).or(() -> OtherProtocol.ofLine(said));
        if (other.isPresent()) {
            return foreign(facts, other.get());
        }
        services.events()
                .emit(new SessionEvent.EarlyTalk(facts.session(), facts.peer(), CommandParser.firstWord(said)));
        core.refused(CONNECT, "greeting", Replies.SPOKE_EARLY, Map.of("said", CommandParser.firstWord(said)));
        return new Answer.Close(conversation.signed(Replies.SPOKE_EARLY), Ending.EARLY_TALK);
    }

    /// Looks at a command before it is answered, and lets a client wait that has to.
    ///
    /// @return the last answer, where the client has no manners
    /// @throws IOException if the server stops meanwhile
    Optional<Answer> objection(Line line, Command command, SessionFacts facts) throws IOException {
        Optional<Answer> objection = isNone(command)
                ? OtherProtocol.ofLine(line.latin1()).map(other -> foreign(facts, other))
                : early(command, facts);
        if (objection.isEmpty() && inTarpit && stranger(facts).isPresent()) {
            conversation.holdBack(heldBack);
        }
        return objection;
    }

    private static boolean isNone(Command command) {
        return command instanceof Command.Unrecognised || command instanceof Command.Malformed;
    }

    private Answer foreign(SessionFacts facts, OtherProtocol other) {
        services.events().emit(new SessionEvent.OtherProtocolSpoken(facts.session(), facts.peer(), other.label()));
        core.refused(PROTOCOL, "other-protocol", Replies.SMTP_ONLY, Map.of(PROTOCOL, other.label()));
        return new Answer.Close(conversation.signed(Replies.SMTP_ONLY), Ending.OTHER_PROTOCOL);
    }

    /// What follows from octets behind a command whose reply the client has to wait for.
    private Optional<Answer> early(Command command, SessionFacts facts) throws IOException {
        if (!isLastOfItsGroup(command, facts)) {
            return Optional.empty();
        }
        Optional<InetAddress> stranger = stranger(facts);
        if (stranger.isEmpty() || !conversation.isFollowed()) {
            return Optional.empty();
        }
        String verb = command.getClass().getSimpleName().toUpperCase(Locale.ROOT);
        services.events().emit(new SessionEvent.EarlyPipelining(facts.session(), facts.peer(), verb));
        return switch (settings().earlyPipelining()) {
            case NOTE -> Optional.empty();
            case REFUSE -> {
                services.manners().known().forget(stranger.get());
                core.refused(PROTOCOL, "pipelining", Replies.DID_NOT_WAIT, Map.of("verb", verb));
                yield Optional.of(new Answer.Close(conversation.signed(Replies.DID_NOT_WAIT), Ending.EARLY_PIPELINING));
            }
        };
    }

    /// Commands behind which nothing may come before their reply: those that say how to go on (RFC 2920
    /// §3.1), and all of a client that has not heard of PIPELINING. What is answered the same whatever
    /// comes behind it is borne: QUIT, NOOP, HELP, VRFY, EXPN; so is AUTH, behind which impatient
    /// programs of users send what they would be asked for, and XCLIENT, which is taken from listed servers
    /// only. STARTTLS has a rule of its own, and behind BDAT its octets come.
    private static boolean isLastOfItsGroup(Command command, SessionFacts facts) {
        return switch (command) {
            case Command.Helo _, Command.Ehlo _, Command.Lhlo _, Command.Data _ -> true;
            case Command.Mail _,
                    Command.Rcpt _,
                    Command.Rset _,
                    Command.Noop _,
                    Command.Help _,
                    Command.Vrfy _,
                    Command.Expn _,
                    Command.Etrn _,
                    Command.XForward _ ->
                facts.greeting().filter(SessionFacts.Greeting::extended).isEmpty();
            case Command.Quit _,
                    Command.Auth _,
                    Command.XClient _,
                    Command.StartTls _,
                    Command.Bdat _,
                    Command.MalformedBdat _,
                    Command.UnreadableBdat _,
                    Command.Malformed _,
                    Command.Unrecognised _ -> false;
        };
    }

    /// An answer when it is time: refusals come later, the more there were.
    ///
    /// @throws IOException if the server stops meanwhile
    Answer inTime(Answer answer, SessionFacts facts) throws IOException {
        MannersSettings.Slowness slowness = settings().slowness();
        if (!(answer instanceof Answer.Continue(Reply reply)) || !reply.isPermanent()) {
            return answer;
        }
        refusals++;
        Duration wait =
                sooner(slowness.step().multipliedBy(Math.max(0, refusals - slowness.free())), slowness.longest());
        if (wait.isZero() || stranger(facts).isEmpty()) {
            return answer;
        }
        if (!enterTarpit(facts, "refusals")) {
            return full();
        }
        conversation.holdBack(wait);
        return answer;
    }

    private static Duration sooner(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private boolean enterTarpit(SessionFacts facts, String why) {
        if (!inTarpit && services.manners().tarpit().enter(settings().slowness().sessions())) {
            inTarpit = true;
            services.events().emit(new SessionEvent.HeldBack(facts.session(), facts.peer(), why));
        }
        return inTarpit;
    }

    private Answer full() {
        core.refused(PROTOCOL, "tarpit", Replies.TOO_MANY_HELD_BACK, Map.of());
        return new Answer.Close(conversation.signed(Replies.TOO_MANY_HELD_BACK), Ending.REFUSED);
    }

    /// The session is over.
    void end() {
        if (inTarpit) {
            services.manners().tarpit().leave();
        }
    }

    /// The address of a client that is none of ours, and is not allowed anything.
    private Optional<InetAddress> stranger(SessionFacts facts) {
        boolean fromOutside = switch (facts.role()) {
            case MX, SUBMISSION, SUBMISSIONS -> true;
            case LMTP, LOCAL -> false;
        };
        return !fromOutside || services.policies().trusts(facts)
                ? Optional.empty()
                : facts.address().filter(address -> !settings().allow().contains(address));
    }
}
