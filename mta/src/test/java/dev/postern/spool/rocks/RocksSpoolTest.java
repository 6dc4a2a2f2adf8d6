package dev.postern.spool.rocks;

import dev.postern.event.Events;
import dev.postern.spool.Retention;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RocksSpoolTest extends SpoolContract {
    @TempDir(factory = QuickFolder.class)
    private Path folder;

    @Override
    protected Spool open(Retention retention) throws IOException {
        return RocksSpool.open(RocksSpoolSettings.in(folder.resolve("spool")).with(retention), clock, Events.none());
    }
}
