# The program alone, as a user without rights. This file was linted and not built: the tests of the project have no Docker. What it makes was
# tried otherwise: packaging/test.sh installs the program into an empty Debian and works there.
#
#   docker build -t comity .
#   docker run --rm comity audit CHN
#   docker run --rm -p 127.0.0.1:8642:8642 -v /srv/comity/record:/record:ro comity serve --record /record --bind 0.0.0.0
FROM rust:1.94-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --locked --profile dist --package comity-cli && cp target/dist/comity /comity

FROM debian:bookworm-slim
COPY --from=build /comity /usr/bin/comity
RUN useradd --system --create-home --uid 10001 comity
USER 10001
# A container is thrown away: there is nothing to keep answers for.
ENV COMITY_CACHE=off
EXPOSE 8642
ENTRYPOINT ["comity"]
CMD ["--help"]
