/// How a message is changed for those whom an alias of ours leads it to on other servers, where nothing could show
/// there
/// that it is from its author: {@link dev.postern.forward.RewrittenAuthor} and {@link
/// dev.postern.forward.WrappedMessage}
/// are the two ways, {@link dev.postern.forward.OnwardCopies} is what policy tells intake.
///
/// Streams; of a message no more than its header section is kept in memory.
@NullMarked
package dev.postern.forward;

import org.jspecify.annotations.NullMarked;
