package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.conscrypt.AllocatedBuffer;
import org.junit.jupiter.api.Test;

class LentBuffersTest {
    private final LentBuffers buffers = new LentBuffers();

    @Test
    void isLentAgainOnceItIsReleased() {
        AllocatedBuffer first = buffers.allocateDirectBuffer(100);
        first.nioBuffer().put(3, (byte) 42).position(7);
        first.release();

        ByteBuffer second = buffers.allocateDirectBuffer(LentBuffers.OCTETS).nioBuffer();

        assertThat(second.get(3)).isEqualTo((byte) 42);
        assertThat(second.isDirect()).isTrue();
        assertThat(second.remaining()).isEqualTo(LentBuffers.OCTETS);
    }

    @Test
    void isNotLentTwiceAtOnce() {
        assertThatTheNextTwoAreApart();
    }

    @Test
    void secondReleaseChangesNothing() {
        AllocatedBuffer twice = buffers.allocateDirectBuffer(100);
        twice.release();
        twice.release();

        assertThatTheNextTwoAreApart();
    }

    private void assertThatTheNextTwoAreApart() {
        ByteBuffer first = buffers.allocateDirectBuffer(100).nioBuffer();
        ByteBuffer second = buffers.allocateDirectBuffer(100).nioBuffer();

        first.put(0, (byte) 1);
        second.put(0, (byte) 2);

        assertThat(first.get(0)).isEqualTo((byte) 1);
    }

    @Test
    void whoHadItBeforeKeepsItsOwnPosition() {
        AllocatedBuffer first = buffers.allocateDirectBuffer(100);
        ByteBuffer old = first.nioBuffer();
        old.flip();
        first.release();

        buffers.allocateDirectBuffer(100).nioBuffer().put((byte) 1);

        assertThat(old.remaining()).isZero();
    }

    @Test
    void keepsNoMoreThanItsBound() {
        List<AllocatedBuffer> many = new ArrayList<>();
        for (int i = 0; i <= LentBuffers.KEPT; i++) {
            AllocatedBuffer one = buffers.allocateDirectBuffer(100);
            one.nioBuffer().put(0, (byte) 1);
            many.add(one);
        }
        many.forEach(AllocatedBuffer::release);

        int known = 0;
        for (int i = 0; i <= LentBuffers.KEPT; i++) {
            known += buffers.allocateDirectBuffer(100).nioBuffer().get(0);
        }

        assertThat(known).isEqualTo(LentBuffers.KEPT);
    }

    @Test
    void whatIsLargerThanARecordIsMadeForItsUse() {
        assertThat(buffers.allocateDirectBuffer(LentBuffers.OCTETS + 1)
                        .nioBuffer()
                        .remaining())
                .isEqualTo(LentBuffers.OCTETS + 1);
    }
}
