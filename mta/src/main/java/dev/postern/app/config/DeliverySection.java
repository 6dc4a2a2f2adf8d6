package dev.postern.app.config;

import dev.postern.app.config.SmarthostSections.Smarthost;
import dev.postern.dns.DomainName;
import dev.postern.queue.BackOff;
import dev.postern.queue.LaneBounds;
import dev.postern.queue.QueueSettings;
import dev.postern.queue.RetrySchedule;
import dev.postern.queue.RetrySchedules;
import dev.postern.route.DomainPattern;
import dev.postern.route.RouteSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The section `[delivery]`: by which ports mail leaves, how much at once, and when it is tried again.
final class DeliverySection {
    /// The most that there may be to one next hop.
    static final int MOST_AT_ONCE = 10_000;

    private static final int ANY = Integer.MAX_VALUE;

    private DeliverySection() {}

    /// Reads the ports, and puts the smarthosts beside them; before the rest, which ends the section.
    static RouteSettings routes(Section section, List<Smarthost> smarthosts) {
        Map<DomainPattern, Integer> ports = new LinkedHashMap<>();
        section.pairs("ports").forEach((name, text) -> {
            Optional<DomainPattern> domain = DomainPattern.parse(name);
            Optional<Integer> port = Endpoints.port(text).filter(number -> number > 0);
            if (domain.isEmpty() || port.isEmpty()) {
                section.fault(
                        "ports",
                        name,
                        "\"" + name + "\" = \"" + text + "\" must be a domain and a port, such as \"2525\"");
            } else {
                ports.put(domain.get(), port.get());
            }
        });
        return new RouteSettings(
                smarthosts.stream().flatMap(host -> host.rules().stream()).toList(),
                smarthosts.stream()
                        .filter(Smarthost::fallback)
                        .map(Smarthost::settings)
                        .findFirst(),
                section.number("port", RouteSettings.SMTP_PORT, 1, 65535),
                ports);
    }

    /// Reads how much each next hop may get of which nothing else is said; before the rest.
    static LaneBounds bounds(Section section) {
        int most = section.number("concurrency", 20, 1, MOST_AT_ONCE);
        int first = section.number("first-concurrency", LaneBounds.upTo(most).first(), 1, MOST_AT_ONCE);
        return new LaneBounds(first(section, first, most), most, 0);
    }

    /// The number of attempts that a next hop gets at first, which must not be above the most.
    static int first(Section section, int first, int most) {
        if (first > most) {
            section.fault(
                    "first-concurrency", "\"first-concurrency\" must not be above \"concurrency\", which is " + most);
        }
        return Math.min(first, most);
    }

    /// Reads the rest of it.
    static Config.Delivery read(Section section, LaneBounds bounds) {
        RetrySchedule usual = retry(section, RetrySchedule.usual());
        Map<DomainName, RetrySchedule> byDomain = new LinkedHashMap<>();
        section.sections("retry", "DOMAIN").forEach((name, inner) -> {
            RetrySchedule schedule = retry(inner, usual);
            DomainName.parse(name)
                    .ifPresentOrElse(
                            domain -> byDomain.put(domain, schedule),
                            () -> section.fault("retry", "\"" + name + "\" is not a domain name"));
            inner.finish();
        });
        Config.Delivery delivery = new Config.Delivery(
                section.flag("private-addresses", false),
                section.flag("starttls", true),
                bounds,
                section.number("total-concurrency", 500, 1, 100_000),
                section.duration("connect-time-out", Duration.ofSeconds(30)),
                new RetrySchedules(usual, byDomain),
                rest(section, QueueSettings.usual().laneRest()),
                section.number("active-messages", 20_000, 100, ANY));
        section.finish();
        return delivery;
    }

    private static BackOff rest(Section section, BackOff otherwise) {
        Duration first = section.duration("first-rest", otherwise.first());
        Duration most = section.duration("longest-rest", otherwise.most());
        if (!first.isPositive() || first.compareTo(most) > 0) {
            section.fault("first-rest", "\"first-rest\" must be above zero and not above \"longest-rest\"");
            return otherwise;
        }
        return new BackOff(first, otherwise.factor(), most, otherwise.jitter());
    }

    private static RetrySchedule retry(Section section, RetrySchedule otherwise) {
        BackOff waits = otherwise.waits();
        Duration first = section.duration("first-wait", waits.first());
        double factor = section.fraction("wait-factor", waits.factor(), 1, 100);
        Duration most = section.duration("longest-wait", waits.most());
        double jitter = section.fraction("wait-jitter", waits.jitter(), 0, 0.5);
        Duration giveUp = section.duration("give-up-after", otherwise.giveUpAfter());
        Duration notice = section.duration(
                "delay-notice-after", otherwise.delayNoticeAfter().orElse(Duration.ZERO));
        if (!first.isPositive() || first.compareTo(most) > 0) {
            section.fault("first-wait", "\"first-wait\" must be above zero and not above \"longest-wait\"");
            return otherwise;
        }
        if (!giveUp.isPositive()) {
            section.fault("give-up-after", "\"give-up-after\" must be above zero");
            return otherwise;
        }
        return new RetrySchedule(
                new BackOff(first, factor, most, jitter),
                giveUp,
                Optional.of(notice).filter(Duration::isPositive));
    }
}
