"""Models that play a part word for word, for tests of the agent: over the OpenAI API and over Ollama's.

What they were asked is at `GET /requests`; `GET /private` counts who came (`GET /visits`). Run as `python3 scripted-model.py`
in the network of the stack, on port 8000.
"""

import json
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

requests = []
visits = 0
ARITHMETIC = "17 / 100 * 230"


def text_of(message):
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def call(name, **arguments):
    return {"name": name, "arguments": arguments}


def since_question(messages):
    """The tool results after the newest question."""
    results = []
    for message in reversed(messages):
        if message["role"] == "user":
            break
        if message["role"] == "tool":
            results.insert(0, text_of(message))
    return results


def caller(messages):
    """Calls two tools, one of which fails; then answers with what it got."""
    results = since_question(messages)
    question = next(text_of(m) for m in reversed(messages) if m["role"] == "user")
    if "page" in question:
        return visitor(question, results)
    if "forever" in question:
        return [call("calculator", expression=f"{len(messages)} + 1")]
    if "hello" in question.lower():
        return f"Hello. You wrote {sum(m['role'] == 'user' for m in messages)} messages."
    if not results:
        return [call("calculator", expression=ARITHMETIC), call("fetch_page", url="http://no-such-host.example/")]
    numbers = re.findall(r"\d+\.\d+", results[0])
    return f"It is {numbers[0] if numbers else '?'}; the page could not be read."


def visitor(question, results):
    """Reads the page in the question, and does whatever that page says: a model that an attacker has won over."""
    url = re.search(r"https?://[^\s\"'<>]+", question).group().rstrip(".")
    if not results:
        return [call("fetch_page", url=url)]
    ordered = re.findall(r"FETCH (https?://[^\s\"'<>]+)", results[0])
    if len(results) == 1 and ordered:
        return [call("fetch_page", url=each) for each in ordered]
    return "I was told: " + " | ".join(results)


def reasoner(messages):
    """Knows no tools; thinks in text."""
    told = text_of(messages[-1])
    transcript = "\n".join(text_of(m) for m in messages)
    question = next(text_of(m) for m in messages if m["role"] == "user")
    if "hello" in told.lower() and "Observation" not in told:
        return "Final Answer: Hello."
    observed = re.findall(r"39\.1", transcript)
    if not observed:
        return f'Thought: I need to calculate.\nAction: calculator\nAction Input: {{"expression": "{ARITHMETIC}"}}\n'
    if "no-such-host" not in transcript:
        return 'Thought: And the page.\nAction: fetch_page\nAction Input: {"url": "http://no-such-host.example/"}\n'
    del question
    return "Thought: I know it now.\nFinal Answer: It is 39.1; the page could not be read."


PLAYERS = {"caller": caller, "reasoner": reasoner, "toolish": caller}


def play(model, messages):
    if model == "slow":
        time.sleep(60)
    return PLAYERS.get(model, caller)(messages)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, body, status=200, kind="application/json"):
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        global visits
        if self.path == "/requests":
            self.reply(requests)
        elif self.path == "/visits":
            self.reply({"visits": visits})
        elif self.path == "/private":
            visits += 1
            self.reply("the private page", kind="text/plain")
        else:
            self.reply({"models": [{"name": "toolish", "model": "toolish"}]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        requests.append({"path": self.path, "body": body})
        if self.path == "/api/show":
            self.reply({"capabilities": ["completion", "tools"], "template": "{{ .Tools }}", "model_info": {}, "details": {}})
        elif self.path == "/api/chat":
            self.ollama(body)
        else:
            self.openai(body)

    def ollama(self, body):
        said = play(body["model"], body["messages"])
        message = {"role": "assistant", "content": said if isinstance(said, str) else ""}
        if not isinstance(said, str):
            message["tool_calls"] = [{"function": each} for each in said]
        end = {"done": True, "done_reason": "stop", "prompt_eval_count": 20, "eval_count": 10}
        answer = {"model": body["model"], "created_at": "2026-01-01T00:00:00Z", "message": message, **end}
        self.reply(json.dumps(answer) + "\n", kind="application/x-ndjson")

    def openai(self, body):
        said = play(body["model"], body["messages"])
        message = {"role": "assistant", "content": said if isinstance(said, str) else None}
        if not isinstance(said, str):
            message["tool_calls"] = [
                {
                    "id": f"call_{len(requests)}_{index}",
                    "index": index,
                    "type": "function",
                    "function": {"name": each["name"], "arguments": json.dumps(each["arguments"])},
                }
                for index, each in enumerate(said)
            ]
        reason = "stop" if isinstance(said, str) else "tool_calls"
        usage = {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30}
        answer = {"id": "x", "created": 1, "model": body["model"]}
        if not body.get("stream"):
            choice = {"index": 0, "message": message, "finish_reason": reason}
            self.reply({**answer, "object": "chat.completion", "choices": [choice], "usage": usage})
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        if isinstance(said, str):
            pieces = [{"role": "assistant", "content": word} for word in re.findall(r"\S+\s*|\s+", said)]
        else:
            pieces = [message]
        for piece in pieces:
            self.event({**answer, "choices": [{"index": 0, "delta": piece, "finish_reason": None}]})
        self.event({**answer, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        self.event({**answer, "choices": [], "usage": usage})
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def event(self, chunk):
        data = {"object": "chat.completion.chunk", **chunk}
        self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()


ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
