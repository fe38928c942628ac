# syntax=docker/dockerfile:1
# The tree of the last stage comes whole from deploy/rootfs; tests/Pptp.Interop.Tests proves that tree.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update && \
    apt-get install -y --no-install-recommends gcc libc6-dev libcap2-bin libnftables1 && \
    rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN deploy/publish /published
RUN deploy/rootfs /published /rootfs

FROM scratch
COPY --from=build /rootfs /
COPY --from=build --chown=65532:65532 /rootfs/var/lib/pptpd /var/lib/pptpd
USER 65532:65532
# The configuration, and what pptpd remembers.
VOLUME ["/etc/pptpd", "/var/lib/pptpd"]
# The control connection. The tunnels' data is GRE, IP protocol 47, which no port says: see README.md.
EXPOSE 1723/tcp
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["/usr/bin/pptpd", "health"]
ENTRYPOINT ["/usr/bin/pptpd"]
CMD ["run"]
