"""Runs a command in a terminal of its own and types at it, as a person does: a question, Ctrl-C, another model, a question, /exit."""

import os
import pty
import select
import sys
import time

STEPS = [
    ("> ", "hello\r", 2),  # a slow model: stopped while it answers
    (None, "\x03", 1),
    ("Stopped on request", "/model caller\r", 1),
    ("calls tools", "hello\r", 1),
    ("You wrote", "/exit\r", 0),
]

pid, terminal = pty.fork()
if pid == 0:
    os.execvp("bash", ["bash", "-c", sys.argv[1]])
seen = ""


def read_until(text, seconds=60):
    """Returns False when the program ended first."""
    global seen
    start = len(seen)
    end = time.time() + seconds
    while text is None or text not in seen[start:]:
        if time.time() > end:
            sys.exit(f"{text!r} did not come; so far:\n{seen}")
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            seen += os.read(terminal, 4096).decode(errors="replace")
        except OSError:
            return False
    return True


for text, typed, pause in STEPS:
    if text is not None and not read_until(text):
        sys.exit(f"ended before {text!r} came; so far:\n{seen}")
    os.write(terminal, typed.encode())
    time.sleep(pause)
read_until(None, 30)
_, status = os.waitpid(pid, 0)
print(seen)
print(f"exit code {os.waitstatus_to_exitcode(status)}")
