package dev.postern.app;

import dev.postern.delivery.QueueActions;
import dev.postern.delivery.QueueJobs;
import dev.postern.queue.Census;
import dev.postern.queue.HoldBook;
import dev.postern.queue.MailQueue;

/// What operators work with at the queue of the running server.
///
/// @param actions on single messages
/// @param jobs on all messages of some kind
/// @param holds rules that keep mail back
/// @param census counts what waits
record QueueWorks(MailQueue queue, QueueActions actions, QueueJobs jobs, HoldBook holds, Census census) {}
