/// Scenarios about what must not be lost: a load of messages, a ledger of what the server promised by its 250 and of
/// what arrived, and kills in between.
///
/// A {@link dev.postern.blackbox.ledger.Letter} carries its number and the digest of its body; whoever finds a copy of
/// it, in a Maildir or in the {@link dev.postern.blackbox.ledger.LedgerSink}, enters it into the
/// {@link dev.postern.blackbox.ledger.Ledger}, which draws the {@link dev.postern.blackbox.ledger.Balance}.
@NullMarked
package dev.postern.blackbox.ledger;

import org.jspecify.annotations.NullMarked;
