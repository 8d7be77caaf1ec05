"""Starts LiteLLM while its database starts, for pulled and built images alike.

Importing LiteLLM takes about four seconds on two cores. Meanwhile this waits for the database and, in an image
that was built here, applies LiteLLM's migrations; a pulled image applies them itself, with Prisma.

Needs of the image: python3 with litellm.
"""

import gc
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from urllib.parse import urlsplit

DATABASE_SECONDS = 120
CAPABILITIES_SECONDS = 5
MIGRATE = "/opt/llm-stack/migrate"
EXTRA_CA = "/app/ca.pem"


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


def wait_for_database() -> str | None:
    """Returns None when the database accepts connections, else why it does not."""
    url = urlsplit(os.environ["DATABASE_URL"])
    end = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            socket.create_connection((url.hostname, url.port or 5432), timeout=2).close()
            return None
        except OSError as error:
            if time.monotonic() > end:
                return f"{url.hostname}:{url.port or 5432} does not answer after {DATABASE_SECONDS} s: {error}"
        time.sleep(0.1)


def prepare_database() -> str | None:
    """Returns None when the database is ready for LiteLLM, else why it is not."""
    if not os.path.exists(MIGRATE):
        return wait_for_database()
    code = subprocess.run([MIGRATE]).returncode
    return f"`{MIGRATE}` ended with {code}" if code else None


def ask_capabilities() -> None:
    """Learns from the Ollama servers which of their models call tools, where the config does not say.

    LiteLLM itself would ask at one address for all servers, and on failure rewrite tools into a prompt without a
    word. Models may be pulled for long, or be added later, so this goes on for as long as the proxy runs.
    """
    import litellm
    from litellm.proxy import proxy_server

    while True:
        for deployment in list(proxy_server.llm_router.model_list if proxy_server.llm_router else []):
            params, info = deployment["litellm_params"], deployment["model_info"]
            name = params["model"].removeprefix("ollama_chat/")
            if name == params["model"] or info.get("supports_function_calling") is not None:
                continue
            try:
                body = json.dumps({"model": name}).encode()
                with urllib.request.urlopen(f"{params['api_base']}/api/show", body, timeout=5) as answer:
                    tools = "tools" in json.load(answer).get("capabilities", [])
            except (KeyError, OSError, ValueError):
                continue  # not there yet: its health check tells
            info["supports_function_calling"] = tools
            if tools:
                ability = {"litellm_provider": "ollama", "mode": "chat", "supports_function_calling": True}
                litellm.register_model({f"ollama/{name}": ability})
        time.sleep(CAPABILITIES_SECONDS)


def main() -> None:
    trust_extra_authorities()
    problem: list[str | None] = [None]
    database = threading.Thread(target=lambda: problem.__setitem__(0, prepare_database()))
    database.start()
    # The slow part. Everything that it makes stays for good, so looking for garbage in it only costs (a sixth).
    gc.disable()
    import litellm.proxy.proxy_server  # noqa: F401

    gc.freeze()
    gc.enable()
    database.join()
    if problem[0]:
        sys.exit(f"llm-stack: the database is not ready: {problem[0]}")
    from litellm import run_server

    threading.Thread(target=ask_capabilities, daemon=True).start()
    sys.argv[0] = "litellm"
    run_server()


main()
