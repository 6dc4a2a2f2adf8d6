package dev.postern.forward;

/// What has been decided about the copies of one message that aliases lead to other servers; they are as all others
/// unless somebody says something else. Used by one thread.
public final class OnwardCopies {
    private Onward onward = new Onward.AsReceived();

    /// Decides.
    public void become(Onward other) {
        onward = other;
    }

    /// What was decided last.
    public Onward onward() {
        return onward;
    }
}
