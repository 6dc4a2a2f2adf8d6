package dev.postern.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/// Any octets as XML: a report that was read is written and read again, and means the same.
class AggregateFuzzTest {
    private static final ReportLimits LIMITS = new ReportLimits(1 << 20, 1 << 20, 10, 5, 50);

    @FuzzTest
    void documents(byte[] octets) throws IOException {
        if (AggregateXml.read(new ByteArrayInputStream(octets), LIMITS)
                instanceof Finding.Aggregate(var report, var _)) {
            AggregateReport written = again(report);
            assertThat(again(written)).isEqualTo(written);
            assertThat(written.rows()).hasSameSizeAs(report.rows());
            assertThat(written.messages()).isEqualTo(report.messages());
        }
    }

    private static AggregateReport again(AggregateReport report) throws IOException {
        Finding read = AggregateXml.read(new ByteArrayInputStream(AggregateXml.write(report)), ReportLimits.DEFAULT);
        assertThat(read).isInstanceOf(Finding.Aggregate.class);
        assertThat(((Finding.Aggregate) read).remarks()).isEqualTo(List.of());
        return ((Finding.Aggregate) read).report();
    }
}
