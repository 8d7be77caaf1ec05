"""Starts LiteLLM while its database starts, for pulled and built images alike.

Importing LiteLLM takes about four seconds on two cores. Meanwhile this waits for the database and, in an image
that was built here, applies LiteLLM's migrations and starts the query engine; a pulled image does both itself,
with Prisma's own programs.

Needs of the image: python3 with litellm.
Arguments: LiteLLM's own, with the place of its config, and as the last one what the config says.
"""

import gc
import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

DATABASE_SECONDS = 120
CAPABILITIES_SECONDS = 5
# What an Ollama server gives a model that asks for nothing else (0.9.6; newer ones give at least that).
OLLAMA_CONTEXT = 4096
MIGRATE = "/opt/llm-stack/migrate"
QUERY_ENGINE = "/opt/llm-stack/query-engine"
EXTRA_CA = "/app/ca.pem"


def config_path() -> str:
    return sys.argv[sys.argv.index("--config") + 1]


def write_config() -> None:
    """Takes the config from the last argument: no file can be copied into a container that is read-only."""
    with open(config_path(), "w") as out:
        out.write(sys.argv.pop())


def trust_extra_authorities() -> None:
    """Adds the configured certificate authorities to those that Python trusts already."""
    if not os.path.exists(EXTRA_CA):
        return
    import certifi

    bundle = "/tmp/llm-stack-ca.pem"
    with open(bundle, "w") as out:
        for path in (certifi.where(), EXTRA_CA):
            with open(path) as source:
                out.write(source.read() + "\n")
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        os.environ[name] = bundle
    # LiteLLM's own client asks certifi and nothing else (1.73.0: llms/custom_httpx/http_handler.py).
    certifi.where = lambda: bundle


def wait_for_database() -> None:
    """Returns when the database accepts connections."""
    url = urlsplit(os.environ["DATABASE_URL"])
    end = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            socket.create_connection((url.hostname, url.port or 5432), timeout=2).close()
            return
        except OSError as error:
            if time.monotonic() > end:
                where = f"{url.hostname}:{url.port or 5432}"
                sys.exit(f"llm-stack: the database {where} does not answer after {DATABASE_SECONDS} s: {error}")
        time.sleep(0.1)


def prepare_database() -> "EarlyQueryEngine | None":
    """Makes the database ready for LiteLLM; what cannot be ready ends the program."""
    if not os.path.exists(MIGRATE):
        wait_for_database()
        return None
    code = subprocess.run([MIGRATE]).returncode
    if code:
        sys.exit(f"llm-stack: the database is not ready: `{MIGRATE}` ended with {code}")
    return EarlyQueryEngine()


class EarlyQueryEngine:
    """The query engine, started while LiteLLM imports: Prisma's client would start it last, and wait for it."""

    def __init__(self) -> None:
        prisma = importlib.util.find_spec("prisma")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.database_url = litellm_database_url()
        self.process = subprocess.Popen(
            [QUERY_ENGINE, "-p", str(self.port)],
            env={
                **os.environ,
                "DATABASE_URL": self.database_url,
                "PRISMA_DML_PATH": os.path.join(prisma.submodule_search_locations[0], "schema.prisma"),
            },
        )

    def hand_over(self) -> None:
        """Gives it to Prisma's client where that would start its first one; a later one, it starts itself."""
        from prisma.engine._query import BaseQueryEngine

        start_own = BaseQueryEngine._spawn_process

        def take(client, *, file, datasources):
            BaseQueryEngine._spawn_process = start_own
            same = datasources is None and os.environ["DATABASE_URL"] == self.database_url
            if not same or self.process.poll() is not None:
                self.process.terminate()
                return start_own(client, file=file, datasources=datasources)
            client.url, client.process = f"http://localhost:{self.port}", self.process
            return client.url, client.process

        BaseQueryEngine._spawn_process = take


def litellm_database_url() -> str:
    """DATABASE_URL with the pool's settings, as LiteLLM adds them (proxy_cli.py, append_query_params)."""
    import yaml

    with open(config_path()) as file:
        settings = yaml.safe_load(file).get("general_settings") or {}
    pool = {
        "connection_limit": settings.get("database_connection_pool_limit", 10),
        "pool_timeout": settings.get("database_connection_pool_timeout", 60),
    }
    url = urlsplit(os.environ["DATABASE_URL"])
    query = parse_qs(url.query) | pool
    if sets_idle_lifetime():
        query.setdefault("max_idle_connection_lifetime", settings.get("database_max_idle_connection_lifetime", 60))
    return urlunsplit(url._replace(query=urlencode(query, doseq=True)))


def sets_idle_lifetime() -> bool:
    """Whether this LiteLLM closes idle connections early (1.106.2 does, 1.73.0 does not); does not import it."""
    package = importlib.util.find_spec("litellm").submodule_search_locations[0]
    path = os.path.join(package, "proxy/db/db_url_settings.py")
    if not os.path.exists(path):
        return False
    with open(path) as source:
        return "DEFAULT_MAX_IDLE_CONNECTION_LIFETIME" in source.read()


def context_of(shown: dict) -> int:
    """The context in tokens that an Ollama server gives a model, by its answer to `/api/show`."""
    trained = [value for key, value in shown.get("model_info", {}).items() if key.endswith(".context_length")]
    own = re.search(r"^num_ctx\s+(\d+)", shown.get("parameters") or "", re.MULTILINE)
    return min([int(own.group(1)) if own else OLLAMA_CONTEXT, *trained])


def ask_capabilities() -> None:
    """Learns from the Ollama servers which of their models call tools, where the config does not say, and their context.

    LiteLLM itself would ask at one address for all servers, and on failure rewrite tools into a prompt without a
    word. Models may be pulled for long, or be added later, so this goes on for as long as the proxy runs.
    """
    import litellm
    from litellm.proxy import proxy_server

    while True:
        for deployment in list(proxy_server.llm_router.model_list if proxy_server.llm_router else []):
            params, info = deployment["litellm_params"], deployment["model_info"]
            name = params["model"].removeprefix("ollama_chat/")
            known = [info.get(fact) is not None for fact in ("supports_function_calling", "max_input_tokens")]
            if name == params["model"] or all(known):
                continue
            try:
                body = json.dumps({"model": name}).encode()
                with urllib.request.urlopen(f"{params['api_base']}/api/show", body, timeout=5) as answer:
                    shown = json.load(answer)
            except (KeyError, OSError, ValueError):
                continue  # not there yet: its health check tells
            info["max_input_tokens"] = context_of(shown)
            if info.get("supports_function_calling") is not None:
                continue
            tools = "tools" in shown.get("capabilities", [])
            info["supports_function_calling"] = tools
            if tools:
                ability = {"litellm_provider": "ollama", "mode": "chat", "supports_function_calling": True}
                litellm.register_model({f"ollama/{name}": ability})
        time.sleep(CAPABILITIES_SECONDS)


def write_spend_at_shutdown() -> None:
    """LiteLLM 1.73.0 writes spend once a minute, and loses what came since when it is stopped."""
    from litellm.proxy import proxy_server

    shut_down = proxy_server.proxy_shutdown_event

    async def write_and_shut_down():
        if proxy_server.prisma_client:
            try:
                await proxy_server.update_spend(
                    proxy_server.prisma_client, proxy_server.db_writer_client, proxy_server.proxy_logging_obj
                )
            except Exception as error:  # It must stop all the same.
                print(f"llm-stack: the last spend could not be written: {error}", file=sys.stderr)
        await shut_down()

    proxy_server.proxy_shutdown_event = write_and_shut_down


def main() -> None:
    write_config()
    trust_extra_authorities()
    database = ThreadPoolExecutor().submit(prepare_database)
    # The slow part. Everything that it makes stays for good, so looking for garbage in it only costs (a sixth).
    gc.disable()
    import litellm.proxy.proxy_server  # noqa: F401

    gc.freeze()
    gc.enable()
    query_engine = database.result()
    if query_engine:
        query_engine.hand_over()
    write_spend_at_shutdown()
    from litellm import run_server

    threading.Thread(target=ask_capabilities, daemon=True).start()
    sys.argv[0] = "litellm"
    run_server()


main()
