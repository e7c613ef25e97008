package io.p2phost.standalone.part;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Compiles sources into a jar. */
final class TestJar {
    private final Path work;
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> resources = new LinkedHashMap<>();

    TestJar(Path work) {
        this.work = work;
    }

    TestJar source(String className, String text) {
        sources.put(className, text);
        return this;
    }

    TestJar resource(String name, String text) {
        resources.put(name, text);
        return this;
    }

    Path write(String name, Path... classpath) throws IOException {
        Path classes = Files.createDirectories(work.resolve(name + ".classes"));
        Path src = Files.createDirectories(work.resolve(name + ".src"));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = src.resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
            String path = Stream.of(classpath).map(Path::toString).reduce(classes.toString(), (a, b) -> a + ":" + b);
            int status = ToolProvider.getSystemJavaCompiler()
                    .run(null, null, null, "-proc:none", "-d", classes.toString(), "-cp", path, file.toString());
            if (status != 0) {
                throw new IOException(source.getKey() + " does not compile");
            }
        }
        for (Map.Entry<String, String> resource : resources.entrySet()) {
            Path file = classes.resolve(resource.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, resource.getValue(), StandardCharsets.UTF_8);
        }
        Path jar = work.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                packed.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, packed);
            }
        }
        return jar;
    }
}
