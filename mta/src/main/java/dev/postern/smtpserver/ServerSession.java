package dev.postern.smtpserver;

import dev.postern.dns.DomainName;
import dev.postern.event.Decision;
import dev.postern.guard.Offence;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.MailFacts;
import dev.postern.policy.Policies;
import dev.postern.policy.SessionFacts;
import dev.postern.policy.Verdict;
import dev.postern.pressure.Level;
import dev.postern.sasl.SaslMechanism;
import dev.postern.smtp.ClientAttributes;
import dev.postern.smtp.Command;
import dev.postern.smtp.CommandParser;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Extension;
import dev.postern.smtp.Reply;
import dev.postern.spool.QueueId;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.DeadlineExceeded;
import dev.postern.wire.Endpoint;
import dev.postern.wire.Line;
import dev.postern.wire.TlsMissingException;
import dev.postern.wire.TlsState;
import dev.postern.wire.TlsUpgrade;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The life of one connection, from the greeting to the last reply. Each verb is checked (legal
/// now? well formed?), then policy is asked, then it proceeds.
///
/// Runs on one thread at a time; only {@link #drain}, {@link #abort} and what sheds it come from another.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5321 RFC 5321 §3, §4.1
public final class ServerSession implements Runnable {
    /// Octets of a command line where no AUTH is possible: MAIL with all that its extensions add
    /// (RFC 5321 §4.5.3.1.4).
    private static final int MAX_COMMAND = 2048;

    /// Commands that a client may give which was refused at the door, before it has to go without
    /// QUIT.
    private static final int PATIENCE_AT_THE_DOOR = 5;

    /// How long a client may be silent before its session lets go of what it needs only while it is spoken to.
    private static final Duration MOMENT = Duration.ofSeconds(2);

    private static final EnhancedStatus UNKNOWN_MAILBOX = EnhancedStatus.of("5.1.1");

    private final Connection connection;
    private final ServerSessionSettings settings;
    private final SessionServices services;
    private final Conversation conversation;
    private final SessionRecord record = new SessionRecord();
    private final ContentPhase content;
    private final LoginPhase login;
    private final SessionManners manners;
    private final ClientClaims claims;
    private final Inquiries inquiries;
    private final Function<Endpoint, Optional<Reply>> moved;
    private final Tally tally;
    private final Meter meter;
    private final long started = System.nanoTime();

    private volatile SessionFacts facts;
    private Dialect dialect;
    private @Nullable Transaction transaction;
    private @Nullable Ending ending;
    private boolean opened;
    private boolean turnedAway;
    private boolean senderRefused;

    private volatile boolean draining;
    private volatile boolean inTransaction;

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
        this.meter = new Meter(services);
        this.content = new ContentPhase(conversation, setup, record, meter);
        this.login = new LoginPhase(conversation, services, record);
        this.manners = new SessionManners(conversation, services, record);
        this.claims = new ClientClaims(settings.front().intermediaries(), connection.peer());
        this.inquiries = new Inquiries(setup, record);
        this.moved = moved;
        this.tally = new Tally(settings.limits().patience());
        this.facts = SessionFacts.of(id, settings.role(), connection.local(), connection.peer());
        this.dialect = dialectNow();
    }

    /// Lives the session to its end; throws nothing.
    @Override
    public void run() {
        boolean over;
        do {
            over = live(); // after a silence of its client it goes on by this thread, which has the time
        } while (!over);
    }

    /// Lives the session until it is over, or until its client has been silent for a moment; then it goes on with the
    /// next call, which may come from another thread. Throws nothing.
    ///
    /// @return whether it is over
    boolean live() {
        boolean over = true;
        try {
            over = converse();
        } catch (DeadlineExceeded late) {
            leave(Ending.TIMEOUT, Replies.TOO_SLOW);
        } catch (EOFException gone) {
            end(Ending.CLOSED);
        } catch (IOException lost) {
            end(conversation.claimedFor().orElse(draining ? Ending.DRAINED : Ending.LOST));
        } catch (RuntimeException bug) {
            services.events().emit(new SessionEvent.Broken(facts.session(), bug));
            leave(Ending.BROKEN, Replies.OUR_MISTAKE);
        } finally {
            if (over) {
                forgetTransaction();
                manners.end();
                connection.close();
                report();
            }
        }
        return over;
    }

    /// Asks the session to end: at once if no transaction is open, else when it is done.
    ///
    /// @param deadline by when the last words must be sent
    void drain(Deadline deadline) {
        draining = true;
        if (!inTransaction) {
            conversation.end(deadline);
        }
    }

    /// Ends the session now: with last words if the client is the one to speak, else by closing the
    /// connection.
    void abort(Deadline deadline) {
        draining = true;
        if (!conversation.end(deadline)) {
            connection.close();
        }
    }

    /// The wait for its client, where nothing is lost by ending it: no transaction is open, nobody has logged in.
    Optional<Turn.Wait> idleWait() {
        Optional<Turn.Wait> wait = strangersWait();
        return inTransaction ? Optional.empty() : wait;
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
        }
        while (ending == null) {
            if (draining && transaction == null) {
                leave(Ending.DRAINED, Replies.STOPPING);
            } else if (conversation.awaitClient(MOMENT)) {
                turn();
            } else {
                return false;
            }
        }
        if (ending != Ending.TLS) {
            conversation.flush();
        }
        return true;
    }

    private void open() throws IOException {
        services.events()
                .emit(new SessionEvent.Connected(facts.session(), settings.role(), facts.local(), facts.peer()));
        if (settings.role().isImplicitTls()) {
            if (meter.handshake(facts, this::refusedBy).isPresent()) {
                end(Ending.REFUSED); // before TLS there is no way to say why
            } else {
                secure();
            }
        }
        if (ending == null) {
            greet();
        }
    }

    /// RFC 5321 §3.1, §4.3.1: the opening message, or 554 and nothing but QUIT after it.
    private void greet() throws IOException {
        Verdict verdict = judge((policies, log) -> policies.connect(facts, log));
        if (verdict instanceof Verdict.Refusal refusal) {
            Reply reply = refused("connect", refusal);
            conversation.say(reply);
            turnedAway = true;
            if (reply.code() == 421) {
                end(Ending.REFUSED);
            }
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
        Line line = conversation.hear(loginPossible() ? CommandParser.MAX_LINE : MAX_COMMAND);
        Command command = CommandParser.parse(line, dialect);
        Optional<Answer> objection = manners.objection(line, command, facts);
        Answer answer = objection.isPresent() ? objection.get() : turnedAway ? atClosedDoor(command) : answer(command);
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
                end(why);
            }
            case Answer.Abandon(Ending why) -> end(why);
        }
    }

    private Answer answer(Command command) throws IOException {
        return switch (command) {
            case Command.Helo(String name) -> idle(hello(new SessionFacts.Greeting(name, false)));
            case Command.Ehlo(String name) -> idle(hello(new SessionFacts.Greeting(name, true)));
            case Command.Lhlo(String name) -> idle(hello(new SessionFacts.Greeting(name, true)));
            case Command.Mail mail -> mail(mail);
            case Command.Rcpt rcpt -> rcpt(rcpt);
            case Command.Data data -> data();
            case Command.Bdat bdat -> bdat(bdat);
            case Command.Rset rset -> idle(rset());
            case Command.Noop noop -> idle(new Answer.Continue(Replies.OK));
            case Command.Help help -> idle(new Answer.Continue(Replies.HELP));
            case Command.Vrfy(String text) -> idle(answered(inquiries.verify(facts, text)));
            case Command.Expn(String text) ->
                inquiries.expands(facts)
                        ? idle(answered(inquiries.expand(facts, text)))
                        : fault("EXPN", Replies.NO_EXPANSION);
            case Command.Etrn(DomainName node) -> etrn(node);
            case Command.XClient(ClientAttributes client) -> idle(xclient(client));
            case Command.XForward(ClientAttributes client) -> idle(xforward(client));
            case Command.Quit quit -> new Answer.Close(Replies.BYE, Ending.QUIT);
            case Command.StartTls startTls -> startTls();
            case Command.Auth auth -> auth(auth);
            case Command.Malformed(String verb, Reply reply) -> fault(verb, reply);
            case Command.MalformedBdat(long length, Reply reply) -> malformedChunk(length, reply);
            case Command.UnreadableBdat(Reply reply) -> lostTrack(reply);
            case Command.Unrecognised(String verb) -> fault(verb, unrecognised(verb));
        };
    }

    /// RFC 5321 §3.1: after 554 to the connection there is QUIT and nothing else.
    private Answer atClosedDoor(Command command) throws IOException {
        if (command instanceof Command.Quit) {
            return new Answer.Close(Replies.BYE, Ending.REFUSED);
        }
        if (command instanceof Command.UnreadableBdat(Reply reply)) {
            return lostTrack(reply);
        }
        if (command instanceof Command.Bdat bdat) {
            content.swallow(facts, bdat.length());
        } else if (command instanceof Command.MalformedBdat malformed) {
            content.swallow(facts, malformed.length());
        }
        return tally.faultAgain() >= PATIENCE_AT_THE_DOOR
                ? new Answer.Close(conversation.signed(Replies.TOO_MANY_FAULTS), Ending.REFUSED)
                : new Answer.Continue(conversation.signed(Replies.DOOR_CLOSED));
    }

    // Client initiation (RFC 5321 §3.2)

    private Answer hello(SessionFacts.Greeting greeting) {
        SessionFacts introduced = facts.withGreeting(claims.greeting(greeting));
        Verdict verdict = judge((policies, log) -> policies.helo(introduced, log));
        if (verdict instanceof Verdict.Refusal refusal) {
            return refuse("helo", refusal);
        }
        forgetTransaction(); // RFC 5321 §4.1.4: as if RSET were given
        facts = introduced;
        dialect = dialectNow();
        return new Answer.Continue(
                greeting.extended()
                        ? Announcement.of(settings, dialect.extensions(), mechanisms(), now())
                        : Reply.plain(250, settings.hostname().text()));
    }

    // The mail transaction (RFC 5321 §3.3)

    private Answer mail(Command.Mail mail) {
        if (tally.transaction() > settings.limits().transactions()) {
            return new Answer.Close(conversation.signed(Replies.TOO_MANY_TRANSACTIONS), Ending.SPENT);
        }
        Optional<Reply> illegal = checkMail(mail);
        if (illegal.isPresent()) {
            return fault("MAIL", illegal.get());
        }
        HandlingTerms.Granted granted =
                settings.handling().grant(mail.parameters(), services.policies().trusts(facts));
        MailFacts sender = new MailFacts(mail.reversePath(), granted.parameters());
        List<Decision> decided = new ArrayList<>(2);
        Verdict verdict = meter.message(facts, sender, decided::add)
                .<Verdict>map(denied -> denied)
                .orElseGet(() -> services.policies().mail(facts, sender, decided::add));
        if (verdict instanceof Verdict.Refusal refusal) {
            record.refused(decided);
            senderRefused = true;
            return refuse("mail", refusal);
        }
        Transaction opened = new Transaction(sender, now());
        granted.decision(now()).ifPresent(decided::add);
        opened.decided(decided);
        opened.decided(claims.noted(now()));
        transaction = opened;
        inTransaction = true;
        conversation.transactionBegins();
        dialect = dialect.inTransaction(mail.parameters().smtpUtf8());
        return new Answer.Continue(granted.reply());
    }

    private Optional<Reply> checkMail(Command.Mail mail) {
        senderRefused = true;
        if (facts.greeting().isEmpty()) {
            return Optional.of(greetFirst());
        }
        if (transaction != null) {
            senderRefused = false;
            return Optional.of(Replies.NESTED_MAIL);
        }
        if (settings.role().isSubmission() && facts.tls().isEmpty()) {
            return Optional.of(Replies.STARTTLS_FIRST);
        }
        if (settings.role().isSubmission() && facts.user().isEmpty()) {
            return Optional.of(Replies.LOGIN_FIRST);
        }
        OptionalLong size = mail.parameters().size();
        if (size.isPresent() && size.getAsLong() > settings.limits().messageOctets()) {
            return Optional.of(Replies.TOO_BIG);
        }
        Optional<Reply> refusal = settings.handling().refusal(mail.parameters(), now());
        senderRefused = refusal.isPresent();
        return refusal;
    }

    private Answer rcpt(Command.Rcpt rcpt) {
        Transaction open = transaction;
        if (open == null) {
            return outOfOrder("RCPT");
        }
        if (open.hasChunks()) {
            return fault("RCPT", Replies.CHUNKS_BEGUN);
        }
        if (open.recipients() >= settings.limits().recipients()) {
            return new Answer.Continue(conversation.signed(Replies.TOO_MANY_RECIPIENTS));
        }
        List<Decision> decided = new ArrayList<>(2);
        Verdict verdict = meter.recipient(facts, decided::add)
                .<Verdict>map(denied -> denied)
                .orElseGet(() -> services.policies().rcpt(facts, open.mail(), rcpt.recipient(), decided::add));
        open.decided(decided);
        if (verdict instanceof Verdict.Refusal refusal) {
            record.refused(decided);
            open.refuse();
            tally.refusal();
            services.events()
                    .emit(new SessionEvent.RecipientRefused(
                            facts.session(),
                            open.mail().reversePath(),
                            rcpt.recipient().path(),
                            refusal));
            return isUnknown(refusal.reply()) && unknownRecipientIsOneTooMany()
                    ? new Answer.Close(conversation.signed(Replies.TOO_MANY_UNKNOWN), Ending.UNKNOWN)
                    : refusal(conversation.signed(refusal.reply()));
        }
        open.add(rcpt.recipient());
        return new Answer.Continue(Replies.RECIPIENT_OK);
    }

    private boolean unknownRecipientIsOneTooMany() {
        meter.unknownRecipient(facts);
        return !services.policies().trusts(facts) && tally.unknownRecipient();
    }

    /// RFC 3463 §3.2: bad destination mailbox address.
    private static boolean isUnknown(Reply reply) {
        return reply.status().filter(UNKNOWN_MAILBOX::equals).isPresent();
    }

    private Answer data() throws IOException {
        Transaction open = transaction;
        if (open == null) {
            return outOfOrder("DATA");
        }
        if (open.hasChunks()) {
            return fault("DATA", Replies.CHUNKS_BEGUN);
        }
        if (open.isBinary()) {
            return fault("DATA", Replies.NEEDS_CHUNKS); // RFC 3030 §3
        }
        if (open.recipients() == 0) {
            return outOfOrder("DATA");
        }
        ContentPhase.Outcome outcome = content.data(facts, open);
        if (outcome instanceof ContentPhase.Outcome.NotBegun(Reply reply)) {
            tally.refusal();
            forgetTransaction();
            return new Answer.Continue(reply);
        }
        return finish(open, outcome);
    }

    private Answer bdat(Command.Bdat bdat) throws IOException {
        Transaction open = transaction;
        if (open == null || open.recipients() == 0) {
            content.swallow(facts, bdat.length());
            return outOfOrder("BDAT");
        }
        if (open.chunkFailed()) {
            content.swallow(facts, bdat.length());
            return bdat.last()
                    ? forEach(open, fault("BDAT", Replies.CHUNK_FAILED))
                    : fault("BDAT", Replies.CHUNK_FAILED);
        }
        ContentPhase.Outcome outcome = content.chunk(facts, open, bdat);
        if (bdat.last()) {
            return finish(open, outcome);
        }
        if (!(outcome instanceof ContentPhase.Outcome.More)) {
            tally.refusal();
            open.failChunk();
        }
        return new Answer.Continue(outcome.reply());
    }

    /// RFC 5321 §4.1.1.4: after the end of data the buffers are cleared, whatever the reply.
    private Answer finish(Transaction open, ContentPhase.Outcome outcome) {
        switch (outcome) {
            case ContentPhase.Outcome.Taken(Reply reply, long octets) -> tally.message(open.recipients(), octets);
            case ContentPhase.Outcome.Refused refused -> tally.refusal();
            case ContentPhase.Outcome.NotBegun unopened -> tally.refusal();
            case ContentPhase.Outcome.More more ->
                throw new IllegalStateException("more content is to come behind its end");
        }
        forgetTransaction();
        return forEach(open, new Answer.Continue(outcome.reply()));
    }

    /// RFC 2033 §4.2, §4.3: after the end of the content LMTP answers once for each accepted
    /// recipient.
    private Answer forEach(Transaction open, Answer answer) {
        return settings.role() == ListenerRole.LMTP && answer instanceof Answer.Continue(Reply reply)
                ? new Answer.PerRecipient(Collections.nCopies(open.recipients(), reply))
                : answer;
    }

    private Answer malformedChunk(long length, Reply reply) throws IOException {
        content.swallow(facts, length);
        if (transaction != null) {
            transaction.failChunk();
        }
        return fault("BDAT", reply);
    }

    private Answer lostTrack(Reply reply) {
        fault("BDAT", reply);
        return new Answer.Close(conversation.signed(reply), Ending.FAULTS);
    }

    private Answer rset() {
        forgetTransaction();
        return new Answer.Continue(Replies.FORGOTTEN);
    }

    private void forgetTransaction() {
        Transaction open = transaction;
        if (open != null) {
            open.close();
            transaction = null;
            inTransaction = false;
            conversation.transactionEnds();
            dialect = dialectNow();
        }
        senderRefused = false;
        claims.messageEnds();
    }

    // Other servers that speak for clients, and hosts that ask for mail

    private Answer xclient(ClientAttributes told) {
        if (!claims.mayReplace()) {
            return fault("XCLIENT", Replies.SPEAKS_FOR_NOBODY);
        }
        if (transaction != null) {
            return fault("XCLIENT", Replies.IN_TRANSACTION);
        }
        forgetTransaction();
        SessionFacts client = claims.replace(facts, told);
        services.events()
                .emit(new SessionEvent.SpokenFor(
                        facts.session(), facts.peer(), client.peer(), client.user(), ClientClaims.words(told)));
        record.client(List.of(ClientClaims.noted(services.clock().instant(), told)));
        facts = client;
        dialect = dialectNow();
        return moved.apply(client.peer())
                .<Answer>map(full -> new Answer.Close(conversation.signed(full), Ending.REFUSED))
                .orElseGet(Answer.Greet::new);
    }

    private Answer xforward(ClientAttributes told) {
        if (!claims.mayForward()) {
            return fault("XFORWARD", Replies.SPEAKS_FOR_NOBODY);
        }
        if (transaction != null) {
            return fault("XFORWARD", Replies.IN_TRANSACTION);
        }
        claims.forward(told);
        services.events().emit(new SessionEvent.OriginTold(facts.session(), ClientClaims.words(told)));
        return new Answer.Continue(Replies.CLIENT_NOTED);
    }

    private Answer etrn(DomainName node) {
        if (facts.greeting().isEmpty()) {
            return fault("ETRN", greetFirst());
        }
        return transaction == null
                ? idle(answered(inquiries.start(facts, node)))
                : fault("ETRN", Replies.IN_TRANSACTION);
    }

    /// A reply that leaves the session as it is, with the session's id where it refuses.
    private Answer answered(Reply reply) {
        return new Answer.Continue(reply.isPositive() ? reply : conversation.signed(reply));
    }

    // STARTTLS (RFC 3207)

    private Answer startTls() throws IOException {
        if (facts.tls().isPresent()) {
            return fault("STARTTLS", Replies.TLS_ALREADY);
        }
        if (facts.greeting().isEmpty()) {
            return fault("STARTTLS", greetFirst());
        }
        if (!tlsPossible()) {
            return fault("STARTTLS", Replies.NO_TLS_NOW);
        }
        if (connection.buffered() > 0 || connection.readable()) {
            services.events().emit(new SessionEvent.InjectionAttempt(facts.session(), facts.peer()));
            return new Answer.Abandon(Ending.INJECTION);
        }
        Optional<Verdict.Defer> tooMany = meter.handshake(facts, this::refusedBy);
        return tooMany.isPresent() ? refuse("starttls", tooMany.get()) : new Answer.Secure(Replies.READY_FOR_TLS);
    }

    /// The handshake, after which nothing is known but what came through TLS (RFC 3207 §4.2).
    private void secure() throws IOException {
        Optional<TlsUpgrade> upgrade = services.tls().upgrade();
        if (upgrade.isEmpty()) {
            failHandshake("no certificate is set up");
            return;
        }
        try {
            TlsState state = conversation.secure(deadline -> settings.role().isImplicitTls()
                    ? connection.acceptTls(upgrade.get(), deadline)
                    : connection.startTls(upgrade.get(), deadline));
            forgetTransaction();
            facts = facts.secured(state);
            dialect = dialectNow();
            services.events().emit(new SessionEvent.Encrypted(facts.session(), state));
        } catch (TlsMissingException e) {
            failHandshake(String.valueOf(e.getMessage()));
            leave(Ending.TLS, Replies.TLS_FROM_THE_START);
        } catch (IOException e) {
            if (conversation.claimedFor().isPresent()) {
                throw e;
            }
            failHandshake(String.valueOf(e.getMessage()));
        }
    }

    private void failHandshake(String why) {
        services.events().emit(new SessionEvent.HandshakeFailed(facts.session(), why));
        end(Ending.TLS);
    }

    private boolean tlsPossible() {
        return facts.tls().isEmpty()
                && connection.peer() instanceof Endpoint.Inet
                && services.tls().upgrade().isPresent();
    }

    private Announcement.Encryption encryption() {
        return facts.tls().isPresent()
                ? Announcement.Encryption.ON
                : tlsPossible() ? Announcement.Encryption.POSSIBLE : Announcement.Encryption.IMPOSSIBLE;
    }

    // AUTH (RFC 4954)

    private Answer auth(Command.Auth auth) throws IOException {
        Optional<Reply> illegal = checkAuth();
        if (illegal.isPresent()) {
            return fault("AUTH", illegal.get());
        }
        return switch (login.lead(facts, auth)) {
            case LoginPhase.Outcome.Welcome(String user) -> {
                facts = facts.withUser(user);
                yield new Answer.Continue(Replies.LOGGED_IN);
            }
            case LoginPhase.Outcome.Refused(Reply reply) ->
                tally.failedLogin()
                        ? new Answer.Close(conversation.signed(Replies.TOO_MANY_LOGINS), Ending.LOGINS)
                        : new Answer.Continue(conversation.signed(reply));
            case LoginPhase.Outcome.Unavailable(Reply reply) -> new Answer.Continue(conversation.signed(reply));
            case LoginPhase.Outcome.Broken(Reply reply) -> fault("AUTH", reply);
        };
    }

    private List<SaslMechanism> mechanisms() {
        return loginPossible() ? login.offered(facts) : List.of();
    }

    private Optional<Reply> checkAuth() {
        if (settings.login() == ServerSessionSettings.Login.NEVER) {
            return Optional.of(Replies.NOT_OFFERED);
        }
        if (facts.greeting().isEmpty()) {
            return Optional.of(greetFirst());
        }
        if (facts.tls().isEmpty()) {
            return Optional.of(Replies.LOGIN_NEEDS_TLS);
        }
        if (facts.user().isPresent()) {
            return Optional.of(Replies.LOGGED_IN_ALREADY);
        }
        return transaction == null ? Optional.empty() : Optional.of(Replies.IN_TRANSACTION);
    }

    private boolean loginPossible() {
        return settings.login() == ServerSessionSettings.Login.UNDER_TLS
                && facts.tls().isPresent()
                && facts.user().isEmpty();
    }

    // What all verbs share

    private Dialect dialectNow() {
        return Dialect.of(
                settings.role() == ListenerRole.LMTP ? Dialect.Protocol.LMTP : Dialect.Protocol.SMTP,
                Announcement.extensions(settings, encryption(), loginPossible(), granted()));
    }

    private Set<Extension> granted() {
        EnumSet<Extension> granted = EnumSet.noneOf(Extension.class);
        granted.addAll(claims.granted());
        if (settings.role() != ListenerRole.LMTP) {
            granted.addAll(inquiries.granted(facts));
        }
        return granted;
    }

    private Reply greetFirst() {
        return settings.role() == ListenerRole.LMTP ? Replies.LHLO_FIRST : Replies.GREET_FIRST;
    }

    private Reply unrecognised(String verb) {
        return switch (settings.role()) {
            case LMTP -> verb.equals("HELO") || verb.equals("EHLO") ? Replies.IS_LMTP : Replies.NOT_RECOGNISED;
            case MX, SUBMISSION, SUBMISSIONS, LOCAL -> verb.equals("LHLO") ? Replies.IS_SMTP : Replies.NOT_RECOGNISED;
        };
    }

    private interface Question {
        Verdict ask(Policies policies, Consumer<Decision> log);
    }

    /// The verdict on the client itself; what was decided stays with each of its messages.
    private Verdict judge(Question question) {
        List<Decision> decided = new ArrayList<>(2);
        Verdict verdict = question.ask(services.policies(), decided::add);
        if (verdict instanceof Verdict.Refusal) {
            record.refused(decided);
        } else {
            record.client(decided);
        }
        return verdict;
    }

    private Answer refuse(String stage, Verdict.Refusal refusal) {
        return refusal(refused(stage, refusal));
    }

    private static Answer refusal(Reply reply) {
        return reply.code() == 421 ? new Answer.Close(reply, Ending.REFUSED) : new Answer.Continue(reply);
    }

    private Reply refused(String stage, Verdict.Refusal refusal) {
        tally.refusal();
        services.events().emit(new SessionEvent.Refused(facts.session(), stage, refusal));
        return conversation.signed(refusal.reply());
    }

    /// A command that comes before the one it needs. Where that one was refused before, a client
    /// that sends its commands in one go (RFC 2920) could not know, so it is no fault.
    private Answer outOfOrder(String verb) {
        Transaction open = transaction;
        if (open == null) {
            Reply reply = facts.greeting().isEmpty() ? greetFirst() : Replies.MAIL_FIRST;
            return senderRefused ? new Answer.Continue(conversation.signed(reply)) : fault(verb, reply);
        }
        return open.allRecipientsRefused()
                ? new Answer.Continue(conversation.signed(
                        settings.role() == ListenerRole.LMTP ? Replies.RCPT_FIRST : Replies.NO_VALID_RECIPIENT))
                : fault(verb, Replies.RCPT_FIRST);
    }

    /// A command that is wrong, or comes at the wrong time.
    private Answer fault(String verb, Reply reply) {
        Optional<Reply> enough = tally.fault() ? Optional.of(Replies.TOO_MANY_FAULTS) : meter.fault(facts);
        decide(
                "protocol",
                "command",
                reply.isTransient() ? "defer" : "reject",
                String.join(" ", reply.text()),
                Map.of("verb", verb));
        Reply signed = conversation.signed(reply);
        services.events().emit(new SessionEvent.ProtocolFault(facts.session(), verb, signed));
        return enough.<Answer>map(last -> new Answer.Close(conversation.signed(last), Ending.FAULTS))
                .orElseGet(() -> new Answer.Continue(signed));
    }

    /// A command that is right and brings no mail nearer: one that says nothing else for long is told 421.
    private Answer idle(Answer answer) {
        return tally.idleCommand() && answer instanceof Answer.Continue
                ? new Answer.Close(conversation.signed(Replies.TOO_IDLE), Ending.IDLE)
                : answer;
    }

    private void refusedBy(Decision decision) {
        record.refused(List.of(decision));
    }

    private void decide(String stage, String rule, String verdict, String why, Map<String, String> inputs) {
        record.refused(List.of(decision(stage, rule, verdict, why, inputs)));
    }

    private Decision decision(String stage, String rule, String verdict, String why, Map<String, String> inputs) {
        return new Decision(now(), stage, rule, verdict, why, inputs);
    }

    private Instant now() {
        return services.clock().instant();
    }

    private void end(Ending why) {
        if (ending == null) {
            ending = why;
        }
    }

    /// Ends the session with last words, if the client still hears them.
    private void leave(Ending why, Reply lastWords) {
        end(why);
        try {
            conversation.farewell(conversation.signed(lastWords));
        } catch (IOException unheard) {
            return; // the client is gone: the session is over with or without these words
        }
    }

    /// Whoever has logged in, or is trusted for its address, is no stranger to be watched.
    private void offended(Offence offence) {
        if (facts.user().isEmpty()
                && !services.policies().trusts(facts)
                && facts.peer() instanceof Endpoint.Inet(InetAddress client, int _)) {
            services.guard().offended(client, offence);
        }
    }

    private void report() {
        if (record.isWorthKeeping()) {
            services.decisions().keep(facts.session(), record.all());
        }
        Ending why = ending == null ? Ending.BROKEN : ending;
        why.offence()
                .filter(offence -> offence != Offence.SLOW || !tally.hasMessages())
                .ifPresent(this::offended);
        Duration time = Duration.ofNanos(System.nanoTime() - started);
        services.events()
                .emit(new SessionEvent.Disconnected(
                        facts.session(), facts.peer(), facts.helo(), why, tally.totals(time)));
    }
}
