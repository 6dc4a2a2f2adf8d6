package dev.postern.web;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;

/// One answer while it comes in: its body is kept up to a bound, and beyond it the connection ends.
///
/// Called by one thread at a time; what came of it is in `done` once and for all.
final class Exchange implements Response.Listener {
    private final int mostOctets;
    private final CompletableFuture<WebAnswer> done;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /// @param done is completed with the answer
    Exchange(int mostOctets, CompletableFuture<WebAnswer> done) {
        this.mostOctets = mostOctets;
        this.done = done;
    }

    @Override
    public void onContent(Response response, ByteBuffer content) {
        int room = mostOctets - body.size();
        byte[] octets = new byte[Math.min(room, content.remaining())];
        content.get(octets);
        body.writeBytes(octets);
        if (content.hasRemaining()) {
            done.complete(answered(response, false));
            var _ = response.abort(new IllegalStateException("the body is longer than is read"));
        }
    }

    @Override
    public void onComplete(Result result) {
        Throwable failure = result.getFailure();
        done.complete(failure == null ? answered(result.getResponse(), true) : failed(failure));
    }

    private WebAnswer answered(Response response, boolean whole) {
        return new WebAnswer.Answered(
                response.getStatus(),
                Optional.ofNullable(response.getHeaders().get(HttpHeader.CONTENT_TYPE)),
                body.toString(StandardCharsets.ISO_8859_1),
                whole);
    }

    /// What a failure says of the other server.
    static WebAnswer failed(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            Optional<WebAnswer> told = switch (at) {
                case UnprovenException unproven ->
                    Optional.of(new WebAnswer.Unproven(unproven.fault(), String.valueOf(unproven.getMessage())));
                case UnknownHostException unknown ->
                    Optional.of(new WebAnswer.Unreachable(String.valueOf(unknown.getMessage())));
                case HttpException garbled ->
                    Optional.of(new WebAnswer.Garbled("what it sends is no HTTP: " + garbled.getReason()));
                case TimeoutException slow -> Optional.of(new WebAnswer.TooSlow("it did not answer in time"));
                case EOFException end ->
                    Optional.of(new WebAnswer.Unreachable("it ended the connection without an answer"));
                default -> Optional.empty();
            };
            if (told.isPresent()) {
                return told.get();
            }
        }
        return failure instanceof SSLException
                ? new WebAnswer.Unreachable("there is no TLS with it: " + failure.getMessage())
                : new WebAnswer.Unreachable("it is not reached: " + failure.getMessage());
    }
}
