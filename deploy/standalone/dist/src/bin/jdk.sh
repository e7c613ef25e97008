# Finds Java 25 or newer; read by ./p2p and by the scripts beside this one (POSIX sh).
#
# find_java jdk|jre   prints the home of the first one that fits, or says on standard error what to install.

wanted_java=25

# java_feature HOME: prints the feature release of the Java in HOME, or nothing.
java_feature() {
    if [ -r "$1/release" ]; then
        sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release" | head -n 1
    elif [ -x "$1/bin/java" ]; then
        "$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9][0-9]*\).*/\1/p' | head -n 1
    fi
}

# java_fits HOME jdk|jre
java_fits() {
    [ -x "$1/bin/java" ] || return 1
    [ "$2" = jre ] || [ -x "$1/bin/javac" ] || return 1
    feature=$(java_feature "$1")
    [ -n "$feature" ] && [ "$feature" -ge "$wanted_java" ]
}

# java_homes: every place where a Java may be, the user's own choice first.
java_homes() {
    [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
    on_path=$(command -v java 2>/dev/null || true)
    if [ -n "$on_path" ]; then
        # PATH usually holds a chain of links.
        real=$(readlink -f "$on_path" 2>/dev/null || printf '%s' "$on_path")
        dirname "$(dirname "$real")"
    fi
    for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk*; do
        [ ! -d "$home" ] || printf '%s\n' "$home"
    done
    if [ -x /usr/libexec/java_home ]; then
        /usr/libexec/java_home -v "$wanted_java+" 2>/dev/null || true
    fi
    for home in /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${SDKMAN_DIR:-${HOME:-/nonexistent}/.sdkman}"/candidates/java/* "${HOME:-/nonexistent}"/.jdks/*; do
        [ ! -d "$home" ] || printf '%s\n' "$home"
    done
}

find_java() {
    found=$(java_homes | while IFS= read -r home; do
        if java_fits "$home" "$1"; then
            printf '%s\n' "$home"
            break
        fi
    done)
    if [ -n "$found" ]; then
        printf '%s\n' "$found"
        return 0
    fi
    what=JDK
    [ "$1" = jdk ] || what="Java runtime"
    echo "No $what $wanted_java or newer was found (looked in JAVA_HOME, PATH, /usr/lib/jvm, SDKMAN): install one," \
        "for example from https://adoptium.net (Debian package temurin-$wanted_java-jdk), or point JAVA_HOME to it." >&2
    return 1
}
