package dev.postern.feedback;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes one TLS report as JSON.
///
/// @rfc 8460 §4.4
final class TlsWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final JsonGenerator json =
            new JsonFactory().createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8);

    byte[] write(TlsReport report) {
        json.writeStartObject();
        json.writeStringProperty("organization-name", report.organization());
        json.writeObjectPropertyStart("date-range");
        json.writeStringProperty("start-datetime", report.period().begin().toString());
        json.writeStringProperty("end-datetime", report.period().end().toString());
        json.writeEndObject();
        text("contact-info", report.contact());
        json.writeStringProperty("report-id", report.reportId());
        json.writeArrayPropertyStart("policies");
        report.policies().forEach(this::policy);
        json.writeEndArray();
        json.writeEndObject();
        json.close();
        return out.toByteArray();
    }

    private void policy(TlsPolicyResult result) {
        json.writeStartObject();
        json.writeObjectPropertyStart("policy");
        json.writeStringProperty("policy-type", result.policy().type().toString());
        texts("policy-string", result.policy().strings());
        json.writeStringProperty("policy-domain", result.policy().domain().text());
        texts("mx-host", result.policy().mxHosts());
        json.writeEndObject();
        json.writeObjectPropertyStart("summary");
        json.writeNumberProperty("total-successful-session-count", result.successful());
        json.writeNumberProperty("total-failure-session-count", result.failed());
        json.writeEndObject();
        if (!result.failures().isEmpty()) {
            json.writeArrayPropertyStart("failure-details");
            result.failures().forEach(this::failure);
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void failure(TlsFailure failure) {
        json.writeStartObject();
        json.writeStringProperty("result-type", failure.result().toString());
        address("sending-mta-ip", failure.sendingMta());
        text("receiving-mx-hostname", failure.receivingMx().hostname());
        text("receiving-mx-helo", failure.receivingMx().helo());
        address("receiving-ip", failure.receivingMx().address());
        json.writeNumberProperty("failed-session-count", failure.sessions());
        text("additional-information", failure.information());
        text("failure-reason-code", failure.reason());
        json.writeEndObject();
    }

    private void texts(String name, List<String> texts) {
        if (!texts.isEmpty()) {
            json.writeArrayPropertyStart(name);
            texts.forEach(json::writeString);
            json.writeEndArray();
        }
    }

    private void text(String name, Optional<String> text) {
        text.ifPresent(there -> json.writeStringProperty(name, there));
    }

    private void address(String name, Optional<InetAddress> address) {
        address.ifPresent(there -> json.writeStringProperty(name, there.getHostAddress()));
    }
}
