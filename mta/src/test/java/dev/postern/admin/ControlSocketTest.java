package dev.postern.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
    @TempDir
    private Path folder;

    private List<String> call(ControlHandler handler, String command) throws IOException {
        Path path = folder.resolve("control.sock");
        List<String> answer = new ArrayList<>();
        try (ControlSocket _ = ControlSocket.open(path, handler)) {
            new ControlClient(path)
                    .call(new ControlRequest(command, Map.of("id", "x\ny")), node -> answer.add(node.toString()));
        }
        return answer;
    }

    @Test
    void aCommandIsAnsweredObjectByObject() throws IOException {
        List<String> answer = call(
                (request, out) -> {
                    out.accept(Map.of("command", request.command()));
                    out.accept(request.arguments());
                },
                "show");

        assertThat(answer).containsExactly("{\"command\":\"show\"}", "{\"id\":\"x\\ny\"}");
    }

    @Test
    void whatTheHandlerRefusesIsTheClientsException() {
        assertThatThrownBy(() -> call(
                        (request, out) -> {
                            throw new IllegalArgumentException("no such command: " + request.command());
                        },
                        "dance"))
                .isInstanceOf(IOException.class)
                .hasMessage("no such command: dance");
    }

    @Test
    void withoutAServerTheClientSaysSo() {
        assertThatThrownBy(() -> new ControlClient(folder.resolve("none.sock"))
                        .call(new ControlRequest("x", Map.of()), node -> {}))
                .hasMessageContaining("no server is running here");
    }

    @Test
    void onlyTheOwnerMayOpenTheSocketAndAStaleOneIsReplaced() throws IOException {
        Path path = folder.resolve("control.sock");
        Files.writeString(path, "left by a killed server");
        try (ControlSocket _ = ControlSocket.open(path, (request, out) -> {})) {
            assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        assertThat(path).doesNotExist();
    }
}
