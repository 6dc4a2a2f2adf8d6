package dev.postern.dns.client;

import dev.postern.dns.DomainName;
import dev.postern.dns.UpdateAnswer;
import dev.postern.dns.ZoneUpdate;
import dev.postern.dns.ZoneUpdater;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.xbill.DNS.Message;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Update;

/// Changes zones at one primary name server, by TCP, each message signed with a shared secret; shared by all threads;
/// starts none.
///
/// An update is sent once. Where no answer comes, whoever sends it again must know that the first one may have been
/// made, which most changes do not mind: to replace records twice is to replace them.
///
/// @spec https://www.rfc-editor.org/rfc/rfc2136 RFC 2136
/// @rfc 8945 §5
public final class UpdateClient implements ZoneUpdater {
    private final UpdateSettings settings;
    private final InstantSource clock;

    /// @param clock by which messages are signed; the server's may differ by five minutes
    public UpdateClient(UpdateSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Optional<DomainName> zone(DomainName name) {
        return settings.zones().stream()
                .filter(name::isWithin)
                .max(Comparator.comparingInt(zone -> zone.text().length()));
    }

    @Override
    public UpdateAnswer send(ZoneUpdate update) {
        TSIG key = settings.key().library(clock);
        Message message = message(update);
        key.apply(message, null);
        byte[] octets = message.toWire();
        if (octets.length > StreamExchange.MAX_OCTETS) {
            return new UpdateAnswer.Refused("FORMERR", "the changes do not fit into one message");
        }
        try (Socket socket = new Socket()) {
            byte[] answer =
                    StreamExchange.exchange(socket, settings.server(), octets, Deadline.after(settings.patience()));
            return new UpdateReader(settings, key, message).read(answer);
        } catch (SocketTimeoutException late) {
            return new UpdateAnswer.Failed(
                    settings.server() + " did not answer within " + Upstream.words(settings.patience()));
        } catch (IOException unreachable) {
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                return new UpdateAnswer.Failed("the thread that waited for the answer was interrupted");
            }
            return new UpdateAnswer.Failed(settings.server() + " cannot be asked: " + unreachable.getMessage());
        }
    }

    private static Message message(ZoneUpdate update) {
        Update message = new Update(Names.of(update.zone()));
        for (ZoneUpdate.Condition condition : update.conditions()) {
            add(message, condition);
        }
        for (ZoneUpdate.Change change : update.changes()) {
            add(message, change);
        }
        return message;
    }

    /// RFC 2136 §2.4
    private static void add(Update message, ZoneUpdate.Condition condition) {
        switch (condition) {
            case ZoneUpdate.Condition.Exists(var name, var type) -> message.present(Names.of(name), type.code());
            case ZoneUpdate.Condition.Absent(var name, var type) -> message.absent(Names.of(name), type.code());
            case ZoneUpdate.Condition.Holds<?> holds ->
                holds.records()
                        .forEach(data -> message.present(Records.of(Names.of(holds.name()), holds.type(), 0, data)));
            case ZoneUpdate.Condition.InUse(var name) -> message.present(Names.of(name));
            case ZoneUpdate.Condition.NotInUse(var name) -> message.absent(Names.of(name));
        }
    }

    /// RFC 2136 §2.5
    private static void add(Update message, ZoneUpdate.Change change) {
        switch (change) {
            case ZoneUpdate.Change.Replace<?> replace -> {
                message.delete(Names.of(replace.name()), replace.type().code());
                long ttl = replace.ttl().toSeconds();
                replace.records()
                        .forEach(data -> message.add(Records.of(Names.of(replace.name()), replace.type(), ttl, data)));
            }
            case ZoneUpdate.Change.Add<?> add ->
                message.add(
                        Records.of(Names.of(add.name()), add.type(), add.ttl().toSeconds(), record(add)));
            case ZoneUpdate.Change.Remove<?> remove ->
                message.delete(Records.of(Names.of(remove.name()), remove.type(), 0, record(remove)));
            case ZoneUpdate.Change.RemoveAll(var name, var type) -> message.delete(Names.of(name), type.code());
        }
    }

    private static Object record(ZoneUpdate.Change.Add<?> add) {
        return Objects.requireNonNull(add.record());
    }

    private static Object record(ZoneUpdate.Change.Remove<?> remove) {
        return Objects.requireNonNull(remove.record());
    }
}
