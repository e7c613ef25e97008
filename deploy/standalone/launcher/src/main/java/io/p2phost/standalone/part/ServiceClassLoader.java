package io.p2phost.standalone.part;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * One service's view of the classes. Its own module jar comes first and belongs to it alone. Library classes are those
 * of the shared loader, loaded once for all services, but only jars on the service's own list are visible: without that
 * a service would auto-configure itself from jars that only its neighbours asked for.
 */
final class ServiceClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final ClassLoader shared;
    private final Set<String> visibleJars;
    private final Set<String> ownPackages;
    private final Map<ProtectionDomain, Boolean> visibleDomains = new ConcurrentHashMap<>();

    /**
     * @param name the service's id; log lines are tagged with it
     * @param ownJar the service's module jar
     * @param libraries jars of {@code shared} that the service may see
     */
    ServiceClassLoader(String name, Path ownJar, Collection<Path> libraries, ClassLoader shared) throws IOException {
        super(name, new URL[] {ownJar.toUri().toURL()}, shared);
        this.shared = shared;
        this.visibleJars = new HashSet<>();
        for (Path jar : libraries) {
            // The JDK's application loader names a jar by its real path, whatever links led to it.
            visibleJars.add(jar.toRealPath().toUri().toURL().toString());
        }
        this.ownPackages = packages(ownJar);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            if (found == null && ownPackages.contains(packageOf(name))) {
                found = findOwn(name);
            }
            if (found == null) {
                found = shared.loadClass(name);
                if (!isVisible(found)) {
                    throw new ClassNotFoundException(name);
                }
            }
            if (resolve) {
                resolveClass(found);
            }
            return found;
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = findResource(name);
        if (own != null) {
            return own;
        }
        try {
            // Usually the first one is visible, so the shared loader's other jars are not looked into.
            Enumeration<URL> all = shared.getResources(name);
            while (all.hasMoreElements()) {
                URL url = all.nextElement();
                if (isVisible(url)) {
                    return url;
                }
            }
        } catch (IOException e) {
            // As the JDK's loaders do: what cannot be read is not there.
        }
        return null;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> visible = new ArrayList<>(Collections.list(findResources(name)));
        Enumeration<URL> all = shared.getResources(name);
        while (all.hasMoreElements()) {
            URL url = all.nextElement();
            if (isVisible(url)) {
                visible.add(url);
            }
        }
        return Collections.enumeration(visible);
    }

    private @Nullable Class<?> findOwn(String name) {
        try {
            return findClass(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private boolean isVisible(Class<?> type) {
        // Everything above the shared loader is the JDK.
        return !shared.equals(type.getClassLoader())
                || visibleDomains.computeIfAbsent(type.getProtectionDomain(), this::isVisible);
    }

    private boolean isVisible(ProtectionDomain domain) {
        CodeSource source = domain.getCodeSource();
        return source != null
                && source.getLocation() != null
                && visibleJars.contains(source.getLocation().toString());
    }

    private boolean isVisible(URL resource) {
        if (!resource.getProtocol().equals("jar")) {
            return resource.getProtocol().equals("jrt");
        }
        String text = resource.getFile();
        int end = text.indexOf("!/");
        return end > 0 && visibleJars.contains(text.substring(0, end));
    }

    private static String packageOf(String className) {
        int dot = className.lastIndexOf('.');
        return dot < 0 ? "" : className.substring(0, dot);
    }

    private static Set<String> packages(Path jar) throws IOException {
        Set<String> packages = new HashSet<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            file.stream()
                    .map(entry -> entry.getName())
                    .filter(n -> n.endsWith(".class"))
                    .forEach(n -> packages.add(packageOf(
                            n.substring(0, n.length() - ".class".length()).replace('/', '.'))));
        }
        return packages;
    }
}
