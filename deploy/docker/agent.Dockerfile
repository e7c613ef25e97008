# The host agent as an image. Its context is the folder that ./p2p package-agent wrote, and no other file:
#   docker build -f deploy/docker/agent.Dockerfile -t p2p-host:0.1.0 deploy/standalone/dist/target/agent-archive
# It brings its own Java. What a bundle's map-server needs beside it is in LIBS.md: the libraries of ARG BASE must fit.
ARG BASE=debian:forky-slim
FROM ${BASE} AS unpacked
ADD p2p-host-*-linux-*.tar.gz /unpacked/

FROM ${BASE}
# The name is needed: Java finds the home by the user's entry.
RUN useradd --uid 10001 --user-group --create-home --home-dir /home/p2p-host --shell /usr/sbin/nologin p2p-host \
    && ln -s /opt/p2p-host/bin/p2p-host /usr/bin/p2p-host
# The folder that the archive unpacked to, whatever its version.
COPY --from=unpacked /unpacked/p2p-host-* /opt/p2p-host/
USER p2p-host
ENV HOME=/home/p2p-host LANG=C.UTF-8
WORKDIR /home/p2p-host
VOLUME /home/p2p-host
STOPSIGNAL SIGTERM
ENTRYPOINT ["p2p-host"]
CMD ["run"]
