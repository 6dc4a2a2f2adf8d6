package dev.postern.acme;

import dev.postern.crypto.SelfSigned;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What is remembered of orders across restarts, so that a server that starts again and again does not use up
/// what an authority allows.
///
/// Its text is one line a fact: `order TIME`, `failures NUMBER`, `not-before TIME`, `issued KIND AUTHORITY`.
///
/// @param orders of the last day, at most {@value #MOST_ORDERS}, the oldest first
/// @param failures in a row
/// @param notBefore when the next order is allowed
/// @param issuers who has issued the certificate of a kind
record AcmeJournal(List<Instant> orders, int failures, Instant notBefore, Map<SelfSigned.Kind, URI> issuers) {
    private static final int MOST_ORDERS = 10_000;
    private static final Duration DAY = Duration.ofDays(1);

    AcmeJournal {
        orders = List.copyOf(orders);
        issuers = Map.copyOf(issuers);
    }

    /// The one of a server that has never ordered.
    static AcmeJournal empty() {
        return new AcmeJournal(List.of(), 0, Instant.EPOCH, Map.of());
    }

    /// With an order at this time; orders from long before are forgotten.
    AcmeJournal ordered(Instant now) {
        List<Instant> recent = new ArrayList<>(
                orders.stream().filter(order -> order.isAfter(now.minus(DAY))).toList());
        recent.add(now);
        return new AcmeJournal(
                recent.subList(Math.max(0, recent.size() - MOST_ORDERS), recent.size()), failures, notBefore, issuers);
    }

    /// With a failure more.
    AcmeJournal failed(Instant again) {
        return new AcmeJournal(orders, failures + 1, again, issuers);
    }

    /// With a certificate of this kind, and without failures.
    AcmeJournal issued(SelfSigned.Kind kind, URI authority) {
        Map<SelfSigned.Kind, URI> next = new EnumMap<>(SelfSigned.Kind.class);
        next.putAll(issuers);
        next.put(kind, authority);
        return new AcmeJournal(orders, 0, Instant.EPOCH, next);
    }

    /// Without failures: the settings have changed, and may have been the reason.
    AcmeJournal forgiven() {
        return new AcmeJournal(orders, 0, Instant.EPOCH, issuers);
    }

    /// When an order is allowed, so that there are not more than so many within a day.
    Instant allowed(Instant now, int ordersADay) {
        List<Instant> recent = orders.stream()
                .filter(order -> order.isAfter(now.minus(DAY)) && !order.isAfter(now))
                .toList();
        Instant room = recent.size() < ordersADay
                ? Instant.EPOCH
                : recent.get(recent.size() - ordersADay).plus(DAY);
        return room.isAfter(notBefore) ? room : notBefore;
    }

    /// As it stands on disk.
    String text() {
        StringBuilder text = new StringBuilder();
        orders.forEach(order -> text.append("order ").append(order).append('\n'));
        text.append("failures ").append(failures).append('\n');
        text.append("not-before ").append(notBefore).append('\n');
        new TreeMap<>(issuers)
                .forEach((kind, authority) -> text.append("issued ")
                        .append(kind.name())
                        .append(' ')
                        .append(authority)
                        .append('\n'));
        return text.toString();
    }

    /// Reads a text; empty if any line of it is none of these.
    static Optional<AcmeJournal> parse(String text) {
        List<Instant> orders = new ArrayList<>();
        int failures = 0;
        Instant notBefore = Instant.EPOCH;
        Map<SelfSigned.Kind, URI> issuers = new EnumMap<>(SelfSigned.Kind.class);
        try {
            for (String line : text.lines().toList()) {
                String[] words = line.split(" ", -1);
                switch (words[0] + "/" + words.length) {
                    case "order/2" -> orders.add(Instant.parse(words[1]));
                    case "failures/2" -> failures = Integer.parseUnsignedInt(words[1]);
                    case "not-before/2" -> notBefore = Instant.parse(words[1]);
                    case "issued/3" -> issuers.put(SelfSigned.Kind.valueOf(words[1]), URI.create(words[2]));
                    default -> {
                        return Optional.empty();
                    }
                }
            }
        } catch (DateTimeException | IllegalArgumentException notOurs) {
            return Optional.empty(); // the exceptions are how the JDK says "not in this form"
        }
        return failures < 0 || orders.size() > MOST_ORDERS
                ? Optional.empty()
                : Optional.of(new AcmeJournal(orders.stream().sorted().toList(), failures, notBefore, issuers));
    }
}
