package dev.postern.spool.rocks;

import dev.postern.dns.DomainName;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.DeliverBy;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.FutureRelease;
import dev.postern.smtp.Handling;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Notify;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.OriginalRecipient;
import dev.postern.smtp.Postmaster;
import dev.postern.smtp.Priority;
import dev.postern.smtp.RcptParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.RetMode;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.Notice;
import dev.postern.spool.Orders;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.RecipientState.Status;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.Via;
import dev.postern.spool.rocks.RecordReader.Malformed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The form in which a message lies in the column family `message`: `doc/internals/spool.md` has it
/// as a table.
///
/// The first ten octets (version, flags, due) have fixed places, in later versions too, so that the
/// committer can keep the schedule without reading the rest.
final class MessageRecord {
    /// The version that is written; the only one that is read.
    static final int VERSION = 1;

    /// The due time of a message that is not due at any time.
    static final long NOT_DUE = -1;

    private static final int FLAGS_AT = 1;
    private static final int DUE_AT = 2;
    private static final int HEAD = 10;

    private static final int HELD = 1;
    private static final int IN_FILE = 2;
    private static final int HAS_ORDERS = 4;

    private static final int HAS_END = 1;
    private static final int HAS_VIA = 2;
    private static final int VIA_PROVEN = 4;
    private static final int HIGHEST_PORT = 0xFFFF;

    private static final int PATH_EMPTY = 0;
    private static final int PATH_MAILBOX = 1;
    private static final int HOST_DOMAIN = 0;
    private static final int HOST_IPV4 = 4;
    private static final int HOST_IPV6 = 16;

    private static final int HAS_SIZE = 1;
    private static final int SMTPUTF8 = 2;
    private static final int RET_FULL = 4;
    private static final int RET_HDRS = 8;
    private static final int HAS_ENVELOPE_ID = 16;
    private static final int HAS_AUTH = 32;
    private static final int HAS_HANDLING = 64;

    private static final int REQUIRE_TLS = 1;
    private static final int HAS_DELIVER_BY = 2;
    private static final int BY_RETURN = 4;
    private static final int BY_TRACE = 8;
    private static final int IS_PAST = 16;
    private static final int HOLD_FOR = 32;
    private static final int HOLD_UNTIL = 64;
    private static final int HAS_PRIORITY = 128;

    private static final int EIGHT_BIT = 1;
    private static final int EIGHT_BIT_HEADER = 2;
    private static final int BINARY = 4;
    private static final int TLS_OPTIONAL = 8;

    private static final int HAS_NOTIFY = 1;
    private static final int NOTIFY_SUCCESS = 2;
    private static final int NOTIFY_FAILURE = 4;
    private static final int NOTIFY_DELAY = 8;
    private static final int HAS_ORIGINAL_RECIPIENT = 16;
    private static final int HAS_ORIGINALLY = 32;

    private static final int PENDING = 0;
    private static final int DONE = 1;
    private static final int FAILED = 2;
    private static final int UNTOLD = 3;

    private static final int MOST_OF_STATUS = 999;

    private static final int DELAY_REPORTED = 1;
    private static final int HAS_PROBLEM = 2;

    private MessageRecord() {}

    /// @param inFile whether the content lies in a file of its own
    static byte[] encode(SpooledMessage message, boolean inFile) {
        RecordWriter out = new RecordWriter();
        out.u8(VERSION);
        boolean ordered = !message.orders().equals(Orders.none());
        out.u8((message.held() ? HELD : 0) | (inFile ? IN_FILE : 0) | (ordered ? HAS_ORDERS : 0));
        out.i64(message.due().map(Keys::nanos).orElse(NOT_DUE));
        out.instant(message.arrived());
        Origin origin = message.origin();
        out.text(origin.door()).text(origin.peer()).text(origin.helo()).text(origin.user());
        out.text(origin.protocol()).text(origin.tls());
        switch (message.reversePath()) {
            case NullPath _ -> out.u8(PATH_EMPTY);
            case Mailbox mailbox -> write(out.u8(PATH_MAILBOX), mailbox);
        }
        write(out, message.parameters());
        out.octets(message.traceOctets());
        ContentTraits traits = message.traits();
        out.varint(traits.octets());
        out.u8((traits.eightBit() ? EIGHT_BIT : 0)
                | (traits.eightBitHeader() ? EIGHT_BIT_HEADER : 0)
                | (traits.binary() ? BINARY : 0)
                | (traits.tlsOptional() ? TLS_OPTIONAL : 0));
        out.varint(traits.longestLine());
        out.varint(message.recipients().size());
        message.recipients().forEach(state -> write(out, state));
        if (ordered) {
            write(out, message.orders());
        }
        return out.toOctets();
    }

    private static void write(RecordWriter out, Orders orders) {
        out.u8((orders.end().isPresent() ? HAS_END : 0)
                | (orders.via().isPresent() ? HAS_VIA : 0)
                | (orders.via().filter(Via::proven).isPresent() ? VIA_PROVEN : 0));
        orders.end().ifPresent(out::instant);
        orders.via().ifPresent(via -> {
            write(out, via.host());
            out.varint(via.port());
        });
    }

    private static void write(RecordWriter out, Mailbox mailbox) {
        write(out.text(mailbox.localPart().value()), mailbox.host());
    }

    static void write(RecordWriter out, Host host) {
        switch (host) {
            case Host.Domain(DomainName name) -> out.u8(HOST_DOMAIN).text(name.text());
            case Host.AddressLiteral(InetAddress address) -> {
                byte[] octets = address.getAddress();
                out.u8(octets.length);
                for (byte octet : octets) {
                    out.u8(octet);
                }
            }
        }
    }

    private static void write(RecordWriter out, MailParameters parameters) {
        int flags = (parameters.size().isPresent() ? HAS_SIZE : 0)
                | (parameters.smtpUtf8() ? SMTPUTF8 : 0)
                | (parameters.envelopeId().isPresent() ? HAS_ENVELOPE_ID : 0)
                | (parameters.auth().isPresent() ? HAS_AUTH : 0)
                | (parameters.handling().equals(Handling.usual()) ? 0 : HAS_HANDLING);
        flags |= parameters
                .ret()
                .map(ret -> switch (ret) {
                    case FULL -> RET_FULL;
                    case HDRS -> RET_HDRS;
                })
                .orElse(0);
        out.u8(flags);
        out.u8(
                switch (parameters.body()) {
                    case SEVEN_BIT -> 0;
                    case EIGHT_BIT_MIME -> 1;
                    case BINARY_MIME -> 2;
                });
        parameters.size().ifPresent(out::varint);
        parameters.envelopeId().ifPresent(out::text);
        parameters.auth().ifPresent(out::text);
        if ((flags & HAS_HANDLING) != 0) {
            write(out, parameters.handling());
        }
    }

    private static void write(RecordWriter out, Handling handling) {
        int flags = handling.requireTls() ? REQUIRE_TLS : 0;
        flags |= handling.deliverBy()
                .map(by -> HAS_DELIVER_BY
                        | (by.mode() == DeliverBy.Mode.RETURN ? BY_RETURN : 0)
                        | (by.trace() ? BY_TRACE : 0)
                        | (by.seconds() < 0 ? IS_PAST : 0))
                .orElse(0);
        flags |= handling.release()
                .map(release -> switch (release) {
                    case FutureRelease.HoldFor _ -> HOLD_FOR;
                    case FutureRelease.HoldUntil _ -> HOLD_UNTIL;
                })
                .orElse(0);
        flags |= handling.priority().isPresent() ? HAS_PRIORITY : 0;
        out.u8(flags);
        handling.deliverBy().ifPresent(by -> out.varint(Math.abs(by.seconds())));
        handling.release().ifPresent(release -> {
            switch (release) {
                case FutureRelease.HoldFor(long seconds) -> out.varint(seconds);
                case FutureRelease.HoldUntil(Instant time) -> out.instant(time);
            }
        });
        handling.priority().ifPresent(priority -> out.u8(priority.value() + Priority.FURTHEST));
    }

    private static void write(RecordWriter out, RecipientState state) {
        switch (state.recipient().path()) {
            case Postmaster _ -> out.u8(PATH_EMPTY);
            case Mailbox mailbox -> write(out.u8(PATH_MAILBOX), mailbox);
        }
        RcptParameters parameters = state.recipient().parameters();
        int flags = (parameters.originalRecipient().isPresent() ? HAS_ORIGINAL_RECIPIENT : 0)
                | (state.originally().isPresent() ? HAS_ORIGINALLY : 0);
        flags |= parameters
                .notifyOn()
                .map(notify -> HAS_NOTIFY
                        | (notify.wants(Notify.Event.SUCCESS) ? NOTIFY_SUCCESS : 0)
                        | (notify.wants(Notify.Event.FAILURE) ? NOTIFY_FAILURE : 0)
                        | (notify.wants(Notify.Event.DELAY) ? NOTIFY_DELAY : 0))
                .orElse(0);
        out.u8(flags);
        parameters
                .originalRecipient()
                .ifPresent(original -> out.text(original.addressType()).text(original.address()));
        state.originally().ifPresent(out::text);
        write(out, state.status());
    }

    private static void write(RecordWriter out, Status status) {
        switch (status) {
            case Status.Pending(int attempts, Instant due, Optional<String> problem, boolean reported) -> {
                out.u8(PENDING).varint(attempts).instant(due);
                out.u8((reported ? DELAY_REPORTED : 0) | (problem.isPresent() ? HAS_PROBLEM : 0));
                problem.ifPresent(out::text);
            }
            case Status.Done(String how) -> out.u8(DONE).text(how);
            case Status.Failed(String why) -> out.u8(FAILED).text(why);
            case Status.Untold(Status end, Notice notice, Instant due) -> {
                write(out.u8(UNTOLD), end);
                write(out, notice);
                out.instant(due);
            }
        }
    }

    private static void write(RecordWriter out, Notice notice) {
        EnhancedStatus status = notice.status();
        out.text(notice.action());
        out.u8(status.kind()).varint(status.subject()).varint(status.detail());
        out.text(notice.why());
        out.u8(notice.remote().isPresent() ? 1 : 0);
        notice.remote()
                .ifPresent(
                        remote -> out.text(remote.host()).text(remote.address()).text(remote.words()));
        out.instant(notice.lastAttempt());
    }

    /// When the message of a record is due, in nanoseconds since 1970; {@link #NOT_DUE} if at no
    /// time or if the record is unreadable.
    static long due(byte[] record) {
        return hasHead(record) ? ByteBuffer.wrap(record).getLong(DUE_AT) : NOT_DUE;
    }

    /// Whether the content of the message of a record lies in a file of its own; no if the record
    /// is unreadable.
    static boolean inFile(byte[] record) {
        return hasHead(record) && (record[FLAGS_AT] & IN_FILE) != 0;
    }

    /// The same record of a message whose content lies in a file of its own, or does not.
    static byte[] withInFile(byte[] record, boolean inFile) {
        byte[] copy = record.clone();
        copy[FLAGS_AT] = (byte) (inFile ? copy[FLAGS_AT] | IN_FILE : copy[FLAGS_AT] & ~IN_FILE);
        return copy;
    }

    private static boolean hasHead(byte[] record) {
        return record.length >= HEAD;
    }

    /// @throws Malformed if the octets are not a record of a known version
    static SpooledMessage decode(QueueId id, byte[] record) throws Malformed {
        RecordReader in = new RecordReader(record);
        int version = in.u8();
        if (version != VERSION) {
            throw new Malformed("it has record version " + version + ", this Postern reads version " + VERSION
                    + ": a newer Postern may have written it");
        }
        try {
            int flags = in.u8();
            in.i64();
            Instant arrived = in.instant();
            Origin origin = new Origin(
                    in.text(), in.optionalText(), in.optionalText(), in.optionalText(), in.text(), in.optionalText());
            ReversePath reversePath = in.flag() ? mailbox(in) : new NullPath();
            MailParameters parameters = mailParameters(in);
            String trace = new String(in.octets(), StandardCharsets.ISO_8859_1);
            long octets = in.varint();
            int traits = in.u8();
            int longestLine = in.varint(Integer.MAX_VALUE);
            int count = in.varint(record.length);
            List<RecipientState> recipients = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                recipients.add(recipient(in));
            }
            Orders orders = (flags & HAS_ORDERS) != 0 ? orders(in) : Orders.none();
            in.end();
            return new SpooledMessage(
                    id,
                    arrived,
                    origin,
                    reversePath,
                    parameters,
                    trace,
                    new ContentTraits(
                            octets,
                            (traits & EIGHT_BIT) != 0,
                            (traits & EIGHT_BIT_HEADER) != 0,
                            (traits & BINARY) != 0,
                            longestLine,
                            (traits & TLS_OPTIONAL) != 0),
                    recipients,
                    (flags & HELD) != 0,
                    orders);
        } catch (IllegalArgumentException cannotBe) {
            throw (Malformed) new Malformed("it holds " + cannotBe.getMessage()).initCause(cannotBe);
        }
    }

    private static Mailbox mailbox(RecordReader in) throws Malformed {
        return new Mailbox(new LocalPart(in.text()), host(in));
    }

    /// @throws Malformed if the octets are not a host
    static Host host(RecordReader in) throws Malformed {
        int kind = in.u8();
        return switch (kind) {
            case HOST_DOMAIN -> new Host.Domain(new DomainName(in.text()));
            case HOST_IPV4, HOST_IPV6 -> new Host.AddressLiteral(address(in.octets(kind)));
            default -> throw new Malformed("a host of the unknown kind " + kind);
        };
    }

    private static Orders orders(RecordReader in) throws Malformed {
        int flags = in.u8();
        Optional<Instant> end = (flags & HAS_END) != 0 ? Optional.of(in.instant()) : Optional.empty();
        Optional<Via> via = (flags & HAS_VIA) != 0
                ? Optional.of(new Via(host(in), in.varint(HIGHEST_PORT), (flags & VIA_PROVEN) != 0))
                : Optional.empty();
        return new Orders(end, via);
    }

    private static InetAddress address(byte[] octets) throws Malformed {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException wrongLength) {
            throw (Malformed) new Malformed("an address of " + octets.length + " octets").initCause(wrongLength);
        }
    }

    private static MailParameters mailParameters(RecordReader in) throws Malformed {
        int flags = in.u8();
        int code = in.u8();
        BodyType body = switch (code) {
            case 0 -> BodyType.SEVEN_BIT;
            case 1 -> BodyType.EIGHT_BIT_MIME;
            case 2 -> BodyType.BINARY_MIME;
            default -> throw new Malformed("a body of the unknown type " + code);
        };
        OptionalLong size = (flags & HAS_SIZE) != 0 ? OptionalLong.of(in.varint()) : OptionalLong.empty();
        Optional<RetMode> ret = (flags & RET_FULL) != 0
                ? Optional.of(RetMode.FULL)
                : (flags & RET_HDRS) != 0 ? Optional.of(RetMode.HDRS) : Optional.empty();
        Optional<String> envelopeId = textIf((flags & HAS_ENVELOPE_ID) != 0, in);
        Optional<String> auth = textIf((flags & HAS_AUTH) != 0, in);
        Handling handling = (flags & HAS_HANDLING) != 0 ? handling(in) : Handling.usual();
        return new MailParameters(size, body, (flags & SMTPUTF8) != 0, ret, envelopeId, auth, handling);
    }

    private static Handling handling(RecordReader in) throws Malformed {
        int flags = in.u8();
        Optional<DeliverBy> by = Optional.empty();
        if ((flags & HAS_DELIVER_BY) != 0) {
            long seconds = in.varint();
            by = Optional.of(new DeliverBy(
                    (flags & IS_PAST) != 0 ? -seconds : seconds,
                    (flags & BY_RETURN) != 0 ? DeliverBy.Mode.RETURN : DeliverBy.Mode.NOTIFY,
                    (flags & BY_TRACE) != 0));
        }
        Optional<FutureRelease> release = (flags & HOLD_FOR) != 0
                ? Optional.of(new FutureRelease.HoldFor(in.varint()))
                : (flags & HOLD_UNTIL) != 0 ? Optional.of(new FutureRelease.HoldUntil(in.instant())) : Optional.empty();
        Optional<Priority> priority =
                (flags & HAS_PRIORITY) != 0 ? Optional.of(new Priority(in.u8() - Priority.FURTHEST)) : Optional.empty();
        return new Handling((flags & REQUIRE_TLS) != 0, by, release, priority);
    }

    private static Optional<String> textIf(boolean present, RecordReader in) throws Malformed {
        return present ? Optional.of(in.text()) : Optional.empty();
    }

    private static RecipientState recipient(RecordReader in) throws Malformed {
        ForwardPath path = in.flag() ? mailbox(in) : new Postmaster();
        int flags = in.u8();
        Optional<Notify> notify = (flags & HAS_NOTIFY) != 0 ? Optional.of(notify(flags)) : Optional.empty();
        Optional<OriginalRecipient> original = (flags & HAS_ORIGINAL_RECIPIENT) != 0
                ? Optional.of(new OriginalRecipient(in.text(), in.text()))
                : Optional.empty();
        Optional<String> originally = textIf((flags & HAS_ORIGINALLY) != 0, in);
        return new RecipientState(new Recipient(path, new RcptParameters(notify, original)), originally, status(in));
    }

    private static Notify notify(int flags) {
        Set<Notify.Event> events = EnumSet.noneOf(Notify.Event.class);
        if ((flags & NOTIFY_SUCCESS) != 0) {
            events.add(Notify.Event.SUCCESS);
        }
        if ((flags & NOTIFY_FAILURE) != 0) {
            events.add(Notify.Event.FAILURE);
        }
        if ((flags & NOTIFY_DELAY) != 0) {
            events.add(Notify.Event.DELAY);
        }
        return new Notify(events);
    }

    private static Status status(RecordReader in) throws Malformed {
        int kind = in.u8();
        return switch (kind) {
            case PENDING -> {
                int attempts = in.varint(Integer.MAX_VALUE);
                Instant due = in.instant();
                int flags = in.u8();
                yield new Status.Pending(
                        attempts, due, textIf((flags & HAS_PROBLEM) != 0, in), (flags & DELAY_REPORTED) != 0);
            }
            case DONE -> new Status.Done(in.text());
            case FAILED -> new Status.Failed(in.text());
            case UNTOLD -> untold(in);
            default -> throw new Malformed("a recipient in the unknown state " + kind);
        };
    }

    private static Status untold(RecordReader in) throws Malformed {
        int kind = in.u8();
        Status end = switch (kind) {
            case DONE -> new Status.Done(in.text());
            case FAILED -> new Status.Failed(in.text());
            default -> throw new Malformed("a recipient that ended in the unknown state " + kind);
        };
        String action = in.text();
        EnhancedStatus status = new EnhancedStatus(in.u8(), in.varint(MOST_OF_STATUS), in.varint(MOST_OF_STATUS));
        String why = in.text();
        Optional<Notice.Remote> remote =
                in.flag() ? Optional.of(new Notice.Remote(in.text(), in.text(), in.text())) : Optional.empty();
        return new Status.Untold(end, new Notice(action, status, why, remote, in.instant()), in.instant());
    }
}
