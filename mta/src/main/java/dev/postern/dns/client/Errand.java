package dev.postern.dns.client;

import dev.postern.wire.Deadline;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/// One question that is validated, and all that the library asks because of it: whatever waits for servers is done by
/// the thread that began it, one thing after the other; used once.
///
/// It is the executor that the library is given, and that it hands on to where it asks: so an inquiry finds the errand
/// that it belongs to, whichever thread computes it. Only the queue of what is to be done is shared with such threads;
/// all else belongs to the thread that runs it.
final class Errand implements Executor {
    /// How many questions one question may lead to: a delegation with its key for each label, and some.
    static final int MOST_QUESTIONS = 95;

    private final Inquiry inquiry;
    private final Message begin;
    private final Deadline deadline;
    private final Validator.Exchange exchange;
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private int asked;
    private @Nullable String trouble;

    /// @param begin the answer that is to be validated, which the library gets when it asks for it
    /// @param deadline the time within which the last question begins
    Errand(Message begin, Deadline deadline, Validator.Exchange exchange) {
        this.begin = begin;
        this.inquiry = Inquiry.of(begin.getQuestion());
        this.deadline = deadline;
        this.exchange = exchange;
    }

    @FunctionalInterface
    private interface Task {
        void run() throws InterruptedException;
    }

    /// A future whose further steps are done by the thread of the errand.
    private final class Answer<T> extends CompletableFuture<T> {
        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new Answer<>();
        }

        @Override
        public Executor defaultExecutor() {
            return Errand.this;
        }
    }

    /// Does all that is to be done until the library has come to its end; empty if it came to none, or went on without
    /// something that it had asked for.
    ///
    /// @throws InterruptedException if the thread was interrupted
    Optional<Message> run(Supplier<CompletionStage<Message>> library) throws InterruptedException {
        try {
            CompletableFuture<Message> done = library.get().toCompletableFuture();
            CompletableFuture<Message> _ =
                    done.whenComplete((answer, failure) -> tasks.add(() -> {})); // so that the last wait ends
            while (!done.isDone()) {
                Task task = tasks.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
                if (task == null) {
                    fail("to validate the answer to " + inquiry + " takes too long");
                    return Optional.empty();
                }
                task.run();
            }
            Message answer = done.get();
            return trouble == null ? Optional.of(answer) : Optional.empty();
        } catch (ExecutionException | RuntimeException failed) {
            // whichever way the library fails on what a stranger sent
            fail("the answer to " + inquiry + " cannot be validated: " + failed.getMessage());
            return Optional.empty();
        }
    }

    /// Why there is no answer.
    String trouble() {
        return trouble == null ? "the answer to " + inquiry + " cannot be validated" : trouble;
    }

    /// The first trouble is the cause of all others.
    private void fail(String why) {
        if (trouble == null) {
            trouble = why;
        }
    }

    /// The answer to a question, in time.
    CompletableFuture<Message> ask(Inquiry next) {
        CompletableFuture<Message> answer = new Answer<>();
        if (next.equals(inquiry) && begun.compareAndSet(false, true)) {
            answer.complete(begin);
        } else {
            tasks.add(() -> put(next, answer));
        }
        return answer;
    }

    private void put(Inquiry next, CompletableFuture<Message> answer) throws InterruptedException {
        if (++asked > MOST_QUESTIONS) {
            fail("to validate the answer to " + inquiry + " takes more than " + MOST_QUESTIONS + " questions");
        }
        if (trouble == null) {
            switch (exchange.ask(next, deadline)) {
                case Upstream.Reply.Answered(Message message) -> {
                    Optional<String> excess = Excess.of(message);
                    if (excess.isEmpty()) {
                        answer.complete(message);
                        return;
                    }
                    fail(Validator.excessive(next, excess.get()));
                }
                case Upstream.Reply.Unanswered(String why) -> fail(why);
            }
        }
        answer.completeExceptionally(new IOException(trouble));
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task::run);
    }
}
