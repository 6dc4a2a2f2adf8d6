package dev.postern.smtpclient;

/// Hears a session as it is spoken, secrets masked; called by the thread of the session, returns at once.
public interface DialogueListener {
    /// A command line as it was sent, without its line end.
    void sent(String line);

    /// A line of a reply, cleaned of control characters, without its line end.
    void received(String line);

    /// What happened beside the lines, in a few words: a connection, a handshake, content.
    void noted(String what);

    /// The listener that hears and forgets.
    static DialogueListener none() {
        return new DialogueListener() {
            @Override
            public void sent(String line) {}

            @Override
            public void received(String line) {}

            @Override
            public void noted(String what) {}
        };
    }
}
