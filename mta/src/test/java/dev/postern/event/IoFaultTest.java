package dev.postern.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IoFaultTest {
    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(new AccessDeniedException("/data"), "/data: permission denied"),
                arguments(new NoSuchFileException("/data"), "/data: there is no such file or folder"),
                arguments(
                        new FileAlreadyExistsException("/data"),
                        "/data: there is something else of this name, so nothing can be made there"),
                arguments(new FileSystemException("/data/x", null, "Not a directory"), "/data/x: not a directory"),
                arguments(new IOException("the spool is locked"), "the spool is locked"),
                arguments(new EOFException(), "input or output failed (EOFException)"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void faultOfTheMachineIsASentence(IOException fault, String sentence) {
        assertThat(IoFault.sentence(fault)).isEqualTo(sentence);
    }
}
