package dev.postern.smtpserver;

import dev.postern.dns.DomainName;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.SessionFacts;
import dev.postern.policy.Verdict;
import dev.postern.pressure.Level;
import dev.postern.smtp.ClientAttributes;
import dev.postern.smtp.Command;
import dev.postern.smtp.CommandParser;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.Extension;
import dev.postern.smtp.Reply;
import dev.postern.spool.QueueId;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.DeadlineExceeded;
import dev.postern.wire.Endpoint;
import dev.postern.wire.Line;
import dev.postern.wire.TlsState;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The life of one connection, from the greeting to the last reply. Each verb is checked (legal
/// now? well formed?), then policy is asked, then it proceeds. Verbs that do not change who the client
/// is are answered by the phase that they belong to.
///
/// Runs on one thread at a time; only {@link #drain}, {@link #abort} and what sheds it come from
/// another.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5321 RFC 5321 §3, §4.1
public final class ServerSession implements Runnable {
    /// Octets of a command line where no AUTH is possible: MAIL with all that its extensions add
    /// (RFC 5321 §4.5.3.1.4).
    private static final int MAX_COMMAND = 2048;

    /// Commands that a client may give which was refused at the door, before it has to go without
    /// QUIT.
    private static final int PATIENCE_AT_THE_DOOR = 5;

    private final Connection connection;
    private final ServerSessionSettings settings;
    private final SessionServices services;
    private final Conversation conversation;
    private final SessionCore core;
    private final Refusals refusals;
    private final TlsPhase tls;
    private final LoginPhase login;
    private final EnvelopePhase envelope;
    private final ContentCommands content;
    private final Departure departure;
    private final SessionManners manners;
    private final ClientClaims claims;
    private final Inquiries inquiries;
    private final Function<Endpoint, Optional<Reply>> moved;

    private volatile SessionFacts facts;
    private Dialect dialect;
    private boolean opened;
    private boolean turnedAway;

    private volatile boolean draining;

    /// @param connection already accepted, belongs to the session from now on
    /// @param id the name of the session
    public ServerSession(Connection connection, QueueId id, SessionSetup setup) {
        this(connection, id, setup, client -> Optional.empty());
    }

    /// @param moved told of each client for whom another server speaks; tells with which reply that one is turned away
    ServerSession(Connection connection, QueueId id, SessionSetup setup, Function<Endpoint, Optional<Reply>> moved) {
        this.connection = connection;
        this.settings = setup.settings();
        this.services = setup.services();
        this.conversation = new Conversation(connection, id, settings.timeouts());
        this.core = new SessionCore(
                conversation,
                setup,
                new SessionRecord(),
                new Tally(settings.limits().patience()),
                new Meter(services));
        this.refusals = new Refusals(core);
        this.tls = new TlsPhase(connection, core, refusals);
        this.login = new LoginPhase(core);
        this.manners = new SessionManners(core);
        this.claims = new ClientClaims(settings.front().intermediaries(), connection.peer());
        this.inquiries = new Inquiries(core);
        this.envelope = new EnvelopePhase(core, claims, refusals);
        this.content = new ContentCommands(core, new ContentPhase(core), envelope, refusals);
        this.departure = new Departure(core);
        this.moved = moved;
        this.facts = SessionFacts.of(id, settings.role(), connection.local(), connection.peer());
        this.dialect = dialectNow();
    }

    /// Lives the session to its end; throws nothing.
    @Override
    public void run() {
        boolean over;
        do {
            over = live(); // each wait for the client is by this thread, which has the time
        } while (!over);
    }

    /// Lives the session until it is over, or until it is the client's turn to speak; the next call
    /// begins with the wait for it, and may come from another thread. Throws nothing.
    ///
    /// @return whether it is over
    boolean live() {
        boolean over = true;
        try {
            over = converse();
        } catch (DeadlineExceeded late) {
            departure.leave(Ending.TIMEOUT, Replies.TOO_SLOW);
        } catch (EOFException gone) {
            departure.end(Ending.CLOSED);
        } catch (IOException lost) {
            departure.end(conversation.claimedFor().orElse(draining ? Ending.DRAINED : Ending.LOST));
        } catch (RuntimeException bug) {
            services.events().emit(new SessionEvent.Broken(facts.session(), bug));
            departure.leave(Ending.BROKEN, Replies.OUR_MISTAKE);
        } finally {
            if (over) {
                envelope.forget();
                manners.end();
                connection.close();
                departure.report(facts);
            }
        }
        return over;
    }

    /// Asks the session to end: at once if no transaction is open, else when it is done.
    ///
    /// @param deadline by when the last words must be sent
    void drain(Deadline deadline) {
        draining = true;
        if (!envelope.isOpen()) {
            conversation.end(deadline);
        }
    }

    /// Ends the session now: with last words if the client is the one to speak, else by closing the
    /// connection. Where another thread has the last words already it says them, and closes.
    void abort(Deadline deadline) {
        draining = true;
        if (!conversation.end(deadline) && conversation.claimedFor().isEmpty()) {
            connection.close();
        }
    }

    /// The wait for its client, where nothing is lost by ending it: no transaction is open, nobody has logged in.
    Optional<Turn.Wait> idleWait() {
        Optional<Turn.Wait> wait = strangersWait();
        return envelope.isOpen() ? Optional.empty() : wait;
    }

    /// The wait is looked at first: whoever claims it later finds what was so when it began.
    private Optional<Turn.Wait> strangersWait() {
        Optional<Turn.Wait> wait = conversation.waiting();
        return facts.user().isPresent() ? Optional.empty() : wait;
    }

    /// Takes the session from a client that still is in that wait; whoever gets it has to say the last words.
    boolean claim(Turn.Wait wait) {
        return conversation.claim(wait, Ending.SHED);
    }

    /// Takes it from a client that lets us wait longer than is borne now.
    boolean claimOverdue(long nanoTime, Shedding shedding, Level level) {
        Duration command = settings.timeouts().command();
        return strangersWait()
                .filter(wait -> wait.isOverdue(nanoTime, shedding.share(level, command), command))
                .filter(this::claim)
                .isPresent();
    }

    /// Tells a client from whom the session was taken, and closes the connection.
    void sayShed(Deadline deadline) {
        conversation.sayLast(Replies.SHED, deadline);
    }

    /// @return whether all is said
    private boolean converse() throws IOException {
        if (!opened) {
            opened = true;
            open();
        } else {
            conversation.awaitClient();
        }
        while (departure.isAhead()) {
            if (draining && !envelope.isOpen()) {
                departure.leave(Ending.DRAINED, Replies.STOPPING);
            } else if (conversation.isSpokenTo() || conversation.isAnsweredAtOnce()) {
                turn();
            } else {
                return false;
            }
        }
        if (departure.ending().filter(Ending.TLS::equals).isEmpty()) {
            conversation.flush();
        }
        return true;
    }

    private void open() throws IOException {
        services.events()
                .emit(new SessionEvent.Connected(facts.session(), settings.role(), facts.local(), facts.peer()));
        if (settings.role().isImplicitTls()) {
            if (tls.denial(facts).isPresent()) {
                departure.end(Ending.REFUSED); // before TLS there is no way to say why
            } else {
                secure();
            }
        }
        if (departure.isAhead()) {
            greet();
        }
    }

    /// RFC 5321 §3.1, §4.3.1: the opening message, or 554 and nothing but QUIT after it.
    private void greet() throws IOException {
        Optional<Reply> refused = refusals.judge(facts, "connect", (policies, log) -> policies.connect(facts, log));
        if (refused.isPresent()) {
            turnedAway = true;
            give(Refusals.answer(refused.get()));
            return;
        }
        String protocol = settings.role() == ListenerRole.LMTP ? "LMTP" : "ESMTP";
        Reply greeting = Reply.plain(220, settings.hostname() + " " + protocol + " Postern");
        if (claims.mayReplace()) {
            conversation.say(greeting); // a listed server waits for it, whatever its client does
            return;
        }
        Optional<Answer> objection = manners.greet(facts, greeting);
        if (objection.isPresent()) {
            give(objection.get());
        }
    }

    /// One command and its answer.
    private void turn() throws IOException {
        Optional<Answer> foreign = manners.beginning(facts);
        if (foreign.isPresent()) {
            give(foreign.get());
            return;
        }
        Line line = conversation.hear(login.isPossible(facts) ? CommandParser.MAX_LINE : MAX_COMMAND);
        Command command = CommandParser.parse(line, envelope.dialect(dialect));
        Optional<Answer> objection = manners.objection(line, command, facts);
        boolean wasOpen = envelope.isOpen();
        Answer answer = objection.isPresent() ? objection.get() : turnedAway ? atClosedDoor(command) : answer(command);
        if (wasOpen && !envelope.isOpen()) {
            dialect = dialectNow(); // a certificate may have come or gone meanwhile
        }
        give(manners.inTime(answer, facts));
    }

    /// Says an answer and does what comes after it.
    private void give(Answer answer) throws IOException {
        switch (answer) {
            case Answer.Continue(Reply reply) -> conversation.say(reply);
            case Answer.PerRecipient(List<Reply> replies) -> {
                for (Reply reply : replies) {
                    conversation.say(reply);
                }
            }
            case Answer.Secure(Reply reply) -> {
                conversation.say(reply);
                conversation.flush();
                secure();
            }
            case Answer.Greet() -> greet();
            case Answer.Close(Reply reply, Ending why) -> {
                conversation.say(reply);
                departure.end(why);
            }
            case Answer.Abandon(Ending why) -> departure.end(why);
        }
    }

    private Answer answer(Command command) throws IOException {
        Optional<Verdict.Refusal> unprotected = tls.objection(facts, command);
        if (unprotected.isPresent()) {
            content.swallow(facts, command);
            return refusals.idle(refusals.refuse(facts, "clear", unprotected.get()));
        }
        return switch (command) {
            case Command.Helo(String name) -> refusals.idle(hello(new SessionFacts.Greeting(name, false)));
            case Command.Ehlo(String name) -> refusals.idle(hello(new SessionFacts.Greeting(name, true)));
            case Command.Lhlo(String name) -> refusals.idle(hello(new SessionFacts.Greeting(name, true)));
            case Command.Mail mail -> envelope.mail(facts, mail);
            case Command.Rcpt rcpt -> envelope.rcpt(facts, rcpt);
            case Command.Data data -> content.data(facts);
            case Command.Bdat bdat -> content.bdat(facts, bdat);
            case Command.Rset rset -> refusals.idle(rset());
            case Command.Noop noop -> refusals.idle(new Answer.Continue(Replies.OK));
            case Command.Help help -> refusals.idle(new Answer.Continue(Replies.HELP));
            case Command.Vrfy(String text) -> refusals.idle(refusals.answered(inquiries.verify(facts, text)));
            case Command.Expn(String text) ->
                inquiries.expands(facts)
                        ? refusals.idle(refusals.answered(inquiries.expand(facts, text)))
                        : refusals.fault(facts, "EXPN", Replies.NO_EXPANSION);
            case Command.Etrn(DomainName node) -> etrn(node);
            case Command.XClient(ClientAttributes client) -> refusals.idle(xclient(client));
            case Command.XForward(ClientAttributes client) -> refusals.idle(xforward(client));
            case Command.Quit quit -> new Answer.Close(Replies.BYE, Ending.QUIT);
            case Command.StartTls startTls -> tls.startTls(facts);
            case Command.Auth auth -> auth(auth);
            case Command.Malformed(String verb, Reply reply) -> refusals.fault(facts, verb, reply);
            case Command.MalformedBdat bdat -> content.malformed(facts, bdat);
            case Command.UnreadableBdat(Reply reply) -> content.unreadable(facts, reply);
            case Command.Unrecognised(String verb) ->
                refusals.fault(facts, verb, Replies.unrecognised(settings.role(), verb));
        };
    }

    /// RFC 5321 §3.1: after 554 to the connection there is QUIT and nothing else.
    private Answer atClosedDoor(Command command) throws IOException {
        if (command instanceof Command.Quit) {
            return new Answer.Close(Replies.BYE, Ending.REFUSED);
        }
        if (command instanceof Command.UnreadableBdat(Reply reply)) {
            return content.unreadable(facts, reply);
        }
        content.swallow(facts, command);
        return core.tally().faultAgain() >= PATIENCE_AT_THE_DOOR
                ? new Answer.Close(conversation.signed(Replies.TOO_MANY_FAULTS), Ending.REFUSED)
                : new Answer.Continue(conversation.signed(Replies.DOOR_CLOSED));
    }

    // Client initiation (RFC 5321 §3.2)

    private Answer hello(SessionFacts.Greeting greeting) {
        SessionFacts introduced = facts.withGreeting(claims.greeting(greeting));
        Optional<Reply> refused = refusals.judge(facts, "helo", (policies, log) -> policies.helo(introduced, log));
        if (refused.isPresent()) {
            return Refusals.answer(refused.get());
        }
        envelope.forget(); // RFC 5321 §4.1.4: as if RSET were given
        facts = introduced;
        dialect = dialectNow();
        return new Answer.Continue(
                greeting.extended()
                        ? Announcement.of(settings, dialect.extensions(), login.mechanisms(facts), core.now())
                        : Reply.plain(250, settings.hostname().text()));
    }

    private Answer rset() {
        envelope.forget();
        return new Answer.Continue(Replies.FORGOTTEN);
    }

    // Other servers that speak for clients, and hosts that ask for mail

    private Answer xclient(ClientAttributes told) {
        if (!claims.mayReplace()) {
            return refusals.fault(facts, "XCLIENT", Replies.SPEAKS_FOR_NOBODY);
        }
        if (envelope.isOpen()) {
            return refusals.fault(facts, "XCLIENT", Replies.IN_TRANSACTION);
        }
        envelope.forget();
        SessionFacts client = claims.replace(facts, told);
        services.events()
                .emit(new SessionEvent.SpokenFor(
                        facts.session(), facts.peer(), client.peer(), client.user(), ClientClaims.words(told)));
        core.record().client(List.of(ClientClaims.noted(core.now(), told)));
        facts = client;
        dialect = dialectNow();
        return moved.apply(client.peer())
                .<Answer>map(full -> new Answer.Close(conversation.signed(full), Ending.REFUSED))
                .orElseGet(Answer.Greet::new);
    }

    private Answer xforward(ClientAttributes told) {
        if (!claims.mayForward()) {
            return refusals.fault(facts, "XFORWARD", Replies.SPEAKS_FOR_NOBODY);
        }
        if (envelope.isOpen()) {
            return refusals.fault(facts, "XFORWARD", Replies.IN_TRANSACTION);
        }
        claims.forward(told);
        services.events().emit(new SessionEvent.OriginTold(facts.session(), ClientClaims.words(told)));
        return new Answer.Continue(Replies.CLIENT_NOTED);
    }

    private Answer etrn(DomainName node) {
        if (facts.greeting().isEmpty()) {
            return refusals.fault(facts, "ETRN", Replies.greetFirst(settings.role()));
        }
        return envelope.isOpen()
                ? refusals.fault(facts, "ETRN", Replies.IN_TRANSACTION)
                : refusals.idle(refusals.answered(inquiries.start(facts, node)));
    }

    // STARTTLS (RFC 3207)

    /// The handshake, after which nothing is known but what came through TLS (RFC 3207 §4.2).
    private void secure() throws IOException {
        switch (tls.secure(facts)) {
            case TlsPhase.Outcome.Secured(TlsState state) -> {
                envelope.forget();
                facts = facts.secured(state);
                dialect = dialectNow();
                services.events().emit(new SessionEvent.Encrypted(facts.session(), state));
            }
            case TlsPhase.Outcome.Missing missing -> departure.leave(Ending.TLS, Replies.TLS_FROM_THE_START);
            case TlsPhase.Outcome.Failed failed -> departure.end(Ending.TLS);
        }
    }

    // AUTH (RFC 4954)

    private Answer auth(Command.Auth auth) throws IOException {
        Optional<Reply> illegal = login.objection(facts)
                .or(() -> envelope.isOpen() ? Optional.of(Replies.IN_TRANSACTION) : Optional.empty());
        if (illegal.isPresent()) {
            return refusals.fault(facts, "AUTH", illegal.get());
        }
        return switch (login.lead(facts, auth)) {
            case LoginPhase.Outcome.Welcome(String user) -> {
                facts = facts.withUser(user);
                yield new Answer.Continue(Replies.LOGGED_IN);
            }
            case LoginPhase.Outcome.Refused(Reply reply) ->
                core.tally().failedLogin()
                        ? new Answer.Close(conversation.signed(Replies.TOO_MANY_LOGINS), Ending.LOGINS)
                        : new Answer.Continue(conversation.signed(reply));
            case LoginPhase.Outcome.Unavailable(Reply reply) -> new Answer.Continue(conversation.signed(reply));
            case LoginPhase.Outcome.Broken(Reply reply) -> refusals.fault(facts, "AUTH", reply);
        };
    }

    // What is offered now

    private Dialect dialectNow() {
        return Dialect.of(
                settings.role() == ListenerRole.LMTP ? Dialect.Protocol.LMTP : Dialect.Protocol.SMTP,
                Announcement.extensions(settings, tls.encryption(facts), login.isPossible(facts), granted()));
    }

    private Set<Extension> granted() {
        EnumSet<Extension> granted = EnumSet.noneOf(Extension.class);
        granted.addAll(claims.granted());
        if (settings.role() != ListenerRole.LMTP) {
            granted.addAll(inquiries.granted(facts));
        }
        return granted;
    }
}
