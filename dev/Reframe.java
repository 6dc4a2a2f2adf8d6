import static java.util.Collections.list;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Gives the classes of a jar the stack map frames that class files have since Java 6: the JVM verifies classes without
/// them by a slow way, and keeps them out of every AOT cache.
///
///     java dev/Reframe.java JAR
final class Reframe {
    private static final int FIRST_WITH_FRAMES = ClassFile.JAVA_7_VERSION; // in Java 6 they might be missing
    private static final ClassTransform TODAYS_VERSION = (builder, element) -> {
        if (element instanceof ClassFileVersion) {
            builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
        } else {
            builder.with(element);
        }
    };

    /// Methods that are merely copied would keep their code as it is; these are written anew.
    private static final ClassTransform CODE_ANEW =
            ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));

    private Reframe() {}

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        Path reframed = jar.resolveSibling(jar.getFileName() + ".reframed");
        try (ZipFile from = new ZipFile(jar.toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(reframed))) {
            ClassFile classes = ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS, ClassHierarchyResolverOption.of(family(from)));
            for (ZipEntry entry : list(from.entries())) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                byte[] octets = read(from, entry);
                to.write(entry.getName().endsWith(".class") ? reframe(classes, octets) : octets);
                to.closeEntry();
            }
        }
        Files.move(reframed, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] reframe(ClassFile classes, byte[] octets) {
        ClassModel model = classes.parse(octets);
        return model.majorVersion() >= FIRST_WITH_FRAMES
                ? octets
                : classes.transformClass(model, TODAYS_VERSION.andThen(CODE_ANEW));
    }

    private static byte[] read(ZipFile jar, ZipEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    /// The classes of the jar and of the JDK: which is whose parent.
    private static ClassHierarchyResolver family(ZipFile jar) {
        return ClassHierarchyResolver.ofResourceParsing((ClassDesc type) -> {
                    String descriptor = type.descriptorString();
                    ZipEntry entry = jar.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
                    try {
                        return entry == null ? null : jar.getInputStream(entry);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .orElse(ClassHierarchyResolver.defaultResolver());
    }
}
