#if Server
import Testing

@Suite struct ServeHelpTests {
    @Test func `the help of serve`() throws {
        let outcome = try Workplace().strata("serve", "--help")
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(
            outcome.output == """
                OVERVIEW: Serve models over HTTP and gRPC, with a page to look inside.

                A model is a .keras file, whose name without the extension is the model's, or a
                folder in a repository: models/digits/1/model.keras is version 1 of digits. New
                files and versions are loaded while the server runs, without an interruption;
                one that cannot be loaded leaves the old one in place.

                The protocol is the Open Inference Protocol, with Triton's extensions; /metrics
                is for Prometheus, /v2/health/live and /v2/health/ready are for probes, and /
                is the page.

                Only this machine can connect unless --host says otherwise; then give a token.
                SIGTERM and Ctrl-C end the server after the answers to the requests that it
                has, with the exit code 0.

                EXAMPLES
                  strata serve fashion.keras
                  strata serve fashion.keras --studio
                  strata serve models --versions latest:2 --grpc-port 8001
                  strata serve models --host 0.0.0.0 --token-file token \\
                    --tls-certificate server.pem --tls-key server.key
                  curl http://127.0.0.1:8000/v2/models/fashion

                USAGE: strata serve [<options>] <model> ...

                ARGUMENTS:
                  <model>                 A .keras file, or several, or a repository.

                OPTIONS:
                  --host <host>           The address to listen at; 0.0.0.0 for all of the
                                          machine. (default: 127.0.0.1)
                  --port <port>           The port, or 0 for any that is free. (default: 8000)
                  --grpc-port <grpc-port> The port for gRPC, or 0 for any that is free.
                                          (default: no gRPC)
                  --token-file <token-file>
                                          A file with the token that clients must show:
                                          Authorization: Bearer TOKEN.
                  --tls-certificate <tls-certificate>
                                          The certificate for TLS, and those of its issuers: a
                                          PEM file.
                  --tls-key <tls-key>     The key of the certificate: a PEM file.
                  --max-body <max-body>   The largest body of a request in mebibytes. (default:
                                          64)
                  --max-connections <max-connections>
                                          The most open connections; further ones are closed.
                                          (default: 4096)
                  --versions <versions>   The versions of each model in a repository: latest:N,
                                          all, or numbers as in 1,3. (default: latest:1)
                  --poll <poll>           Seconds between looks for new files, or 0 for none.
                                          (default: 1)
                  --model-control         Let clients load and unload models.
                  --max-batch <max-batch> The most samples in a batch; a larger request is
                                          computed alone. (default: 32)
                  --concurrency <concurrency>
                                          The batches of a model that are computed at once,
                                          each with a part of the threads. (default: the
                                          threads, at most 4)
                  --max-delay <max-delay> Milliseconds that a request waits for others while
                                          the model is idle. (default: 0)
                  --queue <queue>         The most requests that wait for a model; further ones
                                          are refused. (default: 1024)
                  --timeout <timeout>     The longest time in seconds that a request waits.
                                          (default: 60)
                  --threads <threads>     The number of threads. (default: the available cores)
                  --studio                Train networks from the page; at this machine alone.
                  --runs <runs>           The parent of the run folders that the page shows.
                                          (default: runs)
                  --log <log>             How the log is written: text or json. (default: text)
                  --verbose               Log each request.
                  --version               Show the version.
                  -h, --help              Show help information.


                """)
    }
}
#endif
