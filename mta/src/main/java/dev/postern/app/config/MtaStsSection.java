package dev.postern.app.config;

import dev.postern.tlspolicy.mtasts.StsSettings;
import java.time.Duration;

/// The section `[mta-sts]`: how the policies of other mail domains are looked for, and what ours say.
final class MtaStsSection {
    private static final int MOST_PORTS = 65_535;
    private static final int MOST_DOMAINS = 1_000_000;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private MtaStsSection() {}

    /// Reads it.
    static Config.MtaSts read(Section section, OwnStsKeys.Ground ground) {
        StsSettings usual = StsSettings.usual();
        Duration patience = section.duration("wait", usual.patience());
        if (patience.compareTo(LONGEST) > 0) {
            section.fault("wait", "\"mta-sts.wait\" must be a minute or less: after that a fetch is given up anyway");
            patience = usual.patience();
        }
        Config.MtaSts sts = new Config.MtaSts(
                section.flag("use", true),
                section.number("port", usual.port(), 1, MOST_PORTS),
                patience,
                section.number("domains", usual.domains(), 1, MOST_DOMAINS),
                OwnStsKeys.read(section, ground));
        section.finish();
        return sts;
    }
}
