package dev.postern.dsn;

import dev.postern.message.MailDate;
import java.util.List;

/// The part of a report for humans: what happened, to whom, what the other server said, what one
/// can do.
final class ReportText {
    private final DsnSettings settings;
    private final Report report;
    private final ReportOctets out;

    ReportText(DsnSettings settings, Report report, boolean international) {
        this.settings = settings;
        this.report = report;
        this.out = new ReportOctets(international);
    }

    byte[] octets() {
        out.paragraph("This is the mail server " + settings.hostname() + ".");
        out.paragraph(headline());
        report.recipients().forEach(this::recipient);
        report.message()
                .deliverBy()
                .ifPresent(time -> out.paragraph("You wanted it delivered by " + MailDate.format(time) + "."));
        if (report.action() == Action.FAILED) {
            out.paragraph("What you can do: " + advice());
        }
        if (report.action() == Action.DELAYED) {
            out.paragraph(
                    "You need not do anything: the attempts go on by themselves. If the message cannot be delivered"
                            + " in the end, you will be told.");
        }
        out.paragraph("If you need help, forward this report to <" + settings.author()
                + ">. The message is known there as " + report.message().id() + ".");
        return out.toByteArray();
    }

    private String headline() {
        String message = "Your message of " + MailDate.format(report.message().arrived());
        String whom = report.recipients().size() == 1
                ? "this recipient:"
                : "these " + report.recipients().size() + " recipients:";
        return switch (report.action()) {
            case FAILED -> message + " could not be delivered, and will not be tried again, for " + whom;
            case DELAYED -> message + " could not be delivered so far for " + whom;
            case DELIVERED -> message + ", as you asked to be told, was delivered to " + whom;
            case RELAYED ->
                report.message().deliverBy().isPresent()
                        ? message + " was passed on to another server, for " + whom
                        : message
                                + ", as you asked to be told, was passed on to a server that does not confirm delivery,"
                                + " for " + whom;
            case EXPANDED -> message + ", as you asked to be told, was sent to the members of " + whom;
        };
    }

    private void recipient(RecipientReport one) {
        out.quote("<" + one.address() + ">");
        switch (report.action()) {
            case FAILED, DELAYED -> {
                out.quote(one.why() + " (" + one.status() + ")");
                one.remote().ifPresent(this::said);
            }
            case RELAYED -> one.remote().ifPresent(remote -> out.quote("The server is " + name(remote) + "."));
            case DELIVERED, EXPANDED -> {}
        }
        one.retryUntil().ifPresent(until -> out.quote("It will be tried until " + MailDate.format(until) + "."));
        out.line("");
    }

    private void said(RecipientReport.Remote remote) {
        if (remote.words().isEmpty()) {
            out.quote("The other server was " + name(remote) + ".");
        } else {
            out.quote("The other server, " + name(remote) + ", said:");
            out.quote(remote.words());
        }
    }

    private static String name(RecipientReport.Remote remote) {
        return remote.address().isEmpty() ? remote.host() : remote.host() + " (" + remote.address() + ")";
    }

    /// The advice that fits all recipients, one after the other where they differ.
    private String advice() {
        List<String> all = report.recipients().stream()
                .map(one -> Advice.on(one.status()))
                .distinct()
                .toList();
        return String.join(" ", all);
    }
}
