package dev.postern.mime;

/// What is wrong with the structure of a message; each has a defined way on.
public enum MimeDefect {
    /// A multipart names no boundary, or one of more than {@value Parts#LONGEST_BOUNDARY} octets: it counts as content.
    NO_BOUNDARY,
    /// A multipart does not end by its own delimiter, but with what it lies in: so do its last part and its content.
    NOT_CLOSED,
    /// Its delimiter stands nowhere in a multipart: there is nothing in it.
    NO_PARTS,
    /// Multiparts lie deeper in each other than the limit: the deepest counts as content.
    TOO_DEEP,
    /// There are more parts than the limit: the others are passed over.
    TOO_MANY_PARTS,
    /// A header is longer than the limit: the part is passed over.
    HEADER_TOO_LONG,
    /// A transfer encoding that nobody knows, or one that a multipart cannot have: octets are as they stand.
    UNKNOWN_ENCODING
}
