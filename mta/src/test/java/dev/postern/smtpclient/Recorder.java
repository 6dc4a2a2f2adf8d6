package dev.postern.smtpclient;

import java.util.ArrayList;
import java.util.List;

/// Writes a dialogue down.
final class Recorder implements DialogueListener {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void sent(String line) {
        lines.add("C: " + line);
    }

    @Override
    public void received(String line) {
        lines.add("S: " + line);
    }

    @Override
    public void noted(String what) {
        lines.add("-- " + what);
    }

    List<String> lines() {
        return lines;
    }
}
