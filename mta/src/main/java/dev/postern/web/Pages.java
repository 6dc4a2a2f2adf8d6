package dev.postern.web;

import java.util.List;
import java.util.Optional;

/// What may be served; asked by any number of threads, and answers from memory, at once.
@FunctionalInterface
public interface Pages {
    /// The page of a request; empty where there is none, which is told as 404.
    Optional<Page> page(Request request);

    /// What was asked for, by GET or HEAD.
    ///
    /// @param tls whether it came under TLS
    /// @param host the name asked for, in small letters, without a port; empty where the request names none
    /// @param path as it stands in the request, without what follows a question mark
    record Request(boolean tls, String host, String path) {}

    /// The first page that one of several has.
    static Pages firstOf(List<Pages> several) {
        List<Pages> all = List.copyOf(several);
        return request ->
                all.stream().flatMap(pages -> pages.page(request).stream()).findFirst();
    }

    /// Nothing at all.
    static Pages none() {
        return request -> Optional.empty();
    }
}
