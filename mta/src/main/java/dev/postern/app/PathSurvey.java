package dev.postern.app;

import dev.postern.policy.SecurePath;
import dev.postern.route.Exchangers;
import dev.postern.route.MailExchangers;
import dev.postern.route.Route;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.tlspolicy.hops.HopDecision;
import dev.postern.tlspolicy.hops.HopHost;
import dev.postern.tlspolicy.hops.HopPolicy;
import dev.postern.tlspolicy.hops.Target;
import dev.postern.tlspolicy.hops.TlsWish;
import dev.postern.transport.HopTargets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks DNS and the servers of MTA-STS policies what a delivery would ask, and connects to no mail server; shared by
/// all sessions.
final class PathSurvey implements SecurePath {
    /// Routes that are asked about at once in the whole server.
    private static final int AT_ONCE = 50;

    /// How long a session waits.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final EnhancedStatus NOT_KNOWN_NOW = EnhancedStatus.of("4.7.5");

    private final MailExchangers exchangers;
    private final HopPolicy policy;
    private final Executor threads;
    private final Semaphore room = new Semaphore(AT_ONCE);

    /// @param threads runs each survey, which blocks
    PathSurvey(MailExchangers exchangers, HopPolicy policy, Executor threads) {
        this.exchangers = exchangers;
        this.policy = policy;
        this.threads = threads;
    }

    @Override
    public Finding along(Route route) {
        if (!room.tryAcquire()) {
            return unknown("too many ways are looked at now", Map.of());
        }
        CompletableFuture<Finding> finding = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                finding.complete(survey(route));
            } catch (RuntimeException mistake) {
                finding.completeExceptionally(mistake);
            } finally {
                room.release();
            }
        });
        try {
            return finding.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return unknown("DNS or the server of an MTA-STS policy takes too long", Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown("this server is stopping", Map.of());
        } catch (ExecutionException mistake) {
            throw new IllegalStateException("a way could not be looked at", mistake.getCause());
        }
    }

    private Finding survey(Route route) {
        return switch (route) {
            case Route.Mx mx -> hosts(exchangers.of(mx), HopTargets.of(route));
            case Route.Smarthost(SmarthostSettings given) ->
                decide(List.of(HopHost.of(given.host(), false)), HopTargets.of(route), Map.of());
            case Route.Local _, Route.Refused _ -> new Finding.Open(Map.of());
        };
    }

    private Finding hosts(Exchangers found, Target target) {
        return switch (found) {
            case Exchangers.Hosts hosts ->
                decide(
                        hosts.candidates().stream()
                                .map(one -> HopHost.of(one.host(), one.hostAuthentic()))
                                .distinct()
                                .toList(),
                        target,
                        hosts.inputs());
            case Exchangers.Later later -> new Finding.Unknown(later.status(), later.why(), later.inputs());
            // that it takes no mail at all is for the report to tell
            case Exchangers.Never never -> new Finding.Open(never.inputs());
        };
    }

    /// One host that can be proven is enough: the others are passed over.
    private Finding decide(List<HopHost> hosts, Target target, Map<String, String> looked) {
        HopPolicy.Way way = policy.way(target, TlsWish.REQUIRED);
        Map<String, String> inputs = new LinkedHashMap<>(looked);
        Optional<HopDecision.PassOver> worst = Optional.empty();
        for (HopHost host : hosts) {
            HopDecision decision = way.decide(host);
            inputs.putAll(decision.inputs());
            switch (decision) {
                case HopDecision.Use _ -> {
                    return new Finding.Open(inputs);
                }
                case HopDecision.PassOver over ->
                    worst = Optional.of(worst.filter(PathSurvey::mayPass).orElse(over));
            }
        }
        HopDecision.PassOver over = worst.orElseThrow();
        return mayPass(over)
                ? new Finding.Unknown(over.status(), over.why(), inputs)
                : new Finding.Closed(over.status(), over.why(), inputs);
    }

    private static boolean mayPass(HopDecision.PassOver over) {
        return over.status().kind() == 4;
    }

    private static Finding unknown(String why, Map<String, String> inputs) {
        return new Finding.Unknown(NOT_KNOWN_NOW, why + "; try again later", inputs);
    }
}
