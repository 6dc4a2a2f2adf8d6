package dev.postern.app;

import dev.postern.reporting.TlsSurvey;
import dev.postern.tlspolicy.TlsTrial;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How sessions with our servers went, as it is shown.
final class SessionLines {
    private SessionLines() {}

    /// For programs.
    static Map<String, Object> map(TlsSurvey.Sessions sessions) {
        Map<String, Object> failures = new LinkedHashMap<>();
        failures(sessions).forEach(way -> failures.put(way.getKey().toString(), way.getValue()));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("domain", sessions.domain().text());
        map.put("policy", sessions.policy().toString());
        map.put("successful", sessions.successful());
        map.put("failed", sessions.failed());
        map.put("failures", failures);
        return map;
    }

    /// For people: a line on the domain, and one for each way to fail.
    static String lines(TlsSurvey.Sessions sessions) {
        StringBuilder lines = new StringBuilder("TLS to " + sessions.domain() + " (" + policy(sessions.policy()) + "): "
                + sessions.successful() + " sessions as they should be, " + sessions.failed() + " failed");
        for (Map.Entry<TlsSurvey.Way, Long> way : failures(sessions)) {
            lines.append("\n    ")
                    .append(way.getValue())
                    .append(way.getKey().host().map(host -> " at " + host).orElse(""))
                    .append(": ")
                    .append(way.getKey().result().words())
                    .append(" (")
                    .append(way.getKey().result())
                    .append(')');
        }
        return lines.toString();
    }

    private static String policy(TlsTrial.Type type) {
        return switch (type) {
            case TLSA -> "DANE";
            case STS -> "MTA-STS";
            case NO_POLICY_FOUND -> "no policy found";
        };
    }

    /// The ways to fail, the most frequent first.
    private static List<Map.Entry<TlsSurvey.Way, Long>> failures(TlsSurvey.Sessions sessions) {
        return sessions.failures().entrySet().stream()
                .sorted(Map.Entry.<TlsSurvey.Way, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(way -> way.getKey().toString()))
                .toList();
    }
}
