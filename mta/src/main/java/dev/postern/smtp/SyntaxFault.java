package dev.postern.smtp;

/// What is wrong with a piece of a command, on its way from the rule that saw it to the parser that
/// answers; never leaves this package.
final class SyntaxFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    SyntaxFault(Reply reply) {
        super(reply.toString(), null, false, false);
        this.reply = reply;
    }

    /// What to answer.
    Reply reply() {
        return reply;
    }
}
