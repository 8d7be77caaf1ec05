"""The official OpenAI client: `pip install openai`, then with the variables as in openai-client.ts: `python3 examples/openai_client.py`."""

import os

from openai import OpenAI

client = OpenAI(base_url=os.environ["LLM_STACK_URL"] + "/v1", api_key=os.environ["LLM_STACK_KEY"])
stream = client.chat.completions.create(
    model="tinyllama",
    messages=[{"role": "user", "content": "What is a container?"}],
    max_tokens=60,
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
